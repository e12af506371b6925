package org.celllm.tasks.drug;

import java.util.Arrays;
import org.openscience.cdk.exception.CDKException;
import org.openscience.cdk.fingerprint.CircularFingerprinter;
import org.openscience.cdk.fingerprint.ICountFingerprint;
import org.openscience.cdk.interfaces.IAtomContainer;

/**
 * How often a molecule has each neighbourhood of atoms, at most two bonds wide: ECFP4 (Rogers and Hahn, J. Chem. Inf. Model. 50:742,
 * 2010) with counts, folded to {@value #SIZE} places. Its hashes are those of the Chemistry Development Kit; other programs' places
 * differ.
 */
public final class MolecularFingerprint {
    /** How many places. */
    public static final int SIZE = 1024;

    private final int[] counts;

    /**
     * @param counts [{@link #SIZE}] how often each neighbourhood is there
     */
    public MolecularFingerprint(int[] counts) {
        if (counts.length != SIZE) {
            throw new IllegalArgumentException(counts.length + " counts instead of " + SIZE);
        }
        for (int count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException("a count of " + count);
            }
        }
        this.counts = counts.clone();
    }

    /** Of a molecule whose rings and aromaticity are known. */
    static MolecularFingerprint of(IAtomContainer molecule) {
        try {
            ICountFingerprint found =
                    new CircularFingerprinter(CircularFingerprinter.CLASS_ECFP4, SIZE).getCountFingerprint(molecule);
            int[] counts = new int[SIZE];
            for (int i = 0; i < found.numOfPopulatedbins(); i++) {
                counts[Integer.remainderUnsigned(found.getHash(i), SIZE)] += found.getCount(i);
            }
            return new MolecularFingerprint(counts);
        } catch (CDKException impossible) {
            throw new IllegalStateException("no fingerprint", impossible);
        }
    }

    /** Whether a neighbourhood is there: a bit of the fingerprint without counts. */
    public boolean has(int bit) {
        return counts[bit] > 0;
    }

    /** How often a neighbourhood is there. */
    public int times(int place) {
        return counts[place];
    }

    /** How many bits are set. */
    public int count() {
        return (int) Arrays.stream(counts).filter(count -> count > 0).count();
    }

    /** [{@link #SIZE}] ones and zeros. */
    public float[] bits() {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = counts[i] > 0 ? 1 : 0;
        }
        return values;
    }

    /** Tanimoto's similarity of bits: those that both have among those that either has, from 0 to 1; 1 where neither has any. */
    public double tanimoto(MolecularFingerprint other) {
        int both = 0;
        for (int i = 0; i < SIZE; i++) {
            both += has(i) && other.has(i) ? 1 : 0;
        }
        int either = count() + other.count() - both;
        return either == 0 ? 1 : (double) both / either;
    }

    /**
     * Similarity of counts, which the size of molecules matters to: the sum of the lesser counts over that of the greater, from 0 to
     * 1 (the MinMax kernel of Ralaivola et al., Neural Networks 18:1093, 2005); 1 where neither has any.
     */
    public double overlap(MolecularFingerprint other) {
        int lesser = 0;
        int greater = 0;
        for (int i = 0; i < SIZE; i++) {
            lesser += Math.min(counts[i], other.counts[i]);
            greater += Math.max(counts[i], other.counts[i]);
        }
        return greater == 0 ? 1 : (double) lesser / greater;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MolecularFingerprint same && Arrays.equals(counts, same.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "MolecularFingerprint" + Arrays.toString(counts);
    }
}
