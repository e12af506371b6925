package org.celllm.tasks.isotropy;

/** The figures of a comparison, in the order of its tables. */
public enum IsotropyFigure {
    /** {@link Spread#meanCosine}. */
    MEAN_COSINE("meanCosine", "mean cosine", 3),
    /** {@link Spectrum#firstShare} of {@link Spread#spectrum}. */
    FIRST_SHARE("firstShare", "first direction", 3),
    /** {@link Spectrum#effectiveRank} of {@link Spread#spectrum}. */
    EFFECTIVE_RANK("effectiveRank", "effective rank", 1),
    /** {@link Spectrum#participationRatio} of {@link Spread#spectrum}. */
    PARTICIPATION("participationRatio", "participation ratio", 1),
    /** {@link Spectrum#firstShare} of {@link Spread#centred}. */
    CENTRED_FIRST_SHARE("centredFirstShare", "first direction, centred", 3),
    /** {@link Spectrum#effectiveRank} of {@link Spread#centred}. */
    CENTRED_EFFECTIVE_RANK("centredEffectiveRank", "effective rank, centred", 1),
    /** {@link Spectrum#participationRatio} of {@link Spread#centred}. */
    CENTRED_PARTICIPATION("centredParticipationRatio", "participation ratio, centred", 1),
    /** {@link ViewAgreement#alignment}. */
    ALIGNMENT("alignment", "alignment", 3),
    /** {@link ViewAgreement#uniformity}. */
    UNIFORMITY("uniformity", "uniformity", 3);

    private final String word;
    private final String title;
    private final int decimals;

    IsotropyFigure(String word, String title, int decimals) {
        this.word = word;
        this.title = title;
        this.decimals = decimals;
    }

    /** The name in JSON. */
    public String word() {
        return word;
    }

    /** The name in tables. */
    public String title() {
        return title;
    }

    /** Decimals that are worth printing. */
    public int decimals() {
        return decimals;
    }

    /** The figure of one seed. */
    public double of(Isotropy isotropy) {
        Spectrum spectrum = isotropy.spread().spectrum();
        Spectrum centred = isotropy.spread().centred();
        return switch (this) {
            case MEAN_COSINE -> isotropy.spread().meanCosine();
            case FIRST_SHARE -> spectrum.firstShare();
            case EFFECTIVE_RANK -> spectrum.effectiveRank();
            case PARTICIPATION -> spectrum.participationRatio();
            case CENTRED_FIRST_SHARE -> centred.firstShare();
            case CENTRED_EFFECTIVE_RANK -> centred.effectiveRank();
            case CENTRED_PARTICIPATION -> centred.participationRatio();
            case ALIGNMENT -> isotropy.views().alignment();
            case UNIFORMITY -> isotropy.views().uniformity();
        };
    }
}
