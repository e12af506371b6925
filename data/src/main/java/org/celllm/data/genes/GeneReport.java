package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of the names of a file's genes, in figures and a few examples of each.
 *
 * @param names the genes
 * @param rules how many genes by each rule, in the order of the rules; rules without genes are left out
 * @param approved how many are taken for a gene with an approved symbol
 * @param sharing how many have an approved symbol that other genes go by as well; the approved gene is meant
 * @param duplicated how many are taken for the same gene as an earlier one; their values are summed
 * @param examples a few of each rule: {@code "FAM46C → TENT5C"}, {@code "SHARED: PRDX1, SEPTIN9"}
 * @param sharingExamples a few names with the other genes that go by them
 * @param duplicatedExamples a few names with the gene they are taken for
 */
public record GeneReport(
        GeneNames names,
        Map<ResolutionRule, Integer> rules,
        int approved,
        int sharing,
        int duplicated,
        Map<ResolutionRule, List<String>> examples,
        List<String> sharingExamples,
        List<String> duplicatedExamples) {
    private static final int EXAMPLES = 5;
    private static final int MOST_OTHERS = 3;

    /** The report of a file's genes. */
    public static GeneReport of(GeneNames names) {
        Map<ResolutionRule, Integer> rules = new EnumMap<>(ResolutionRule.class);
        Map<ResolutionRule, List<String>> examples = new EnumMap<>(ResolutionRule.class);
        List<String> sharingExamples = new ArrayList<>();
        List<String> duplicatedExamples = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        int approved = 0;
        int sharing = 0;
        int duplicated = 0;
        for (GeneResolution gene : names.resolutions()) {
            rules.merge(gene.rule(), 1, Integer::sum);
            example(examples.computeIfAbsent(gene.rule(), any -> new ArrayList<>()), line(gene));
            approved += gene.approved() ? 1 : 0;
            if (gene.resolved() && !gene.others().isEmpty()) {
                sharing++;
                example(sharingExamples, shared(gene));
            }
            if (gene.resolved() && !taken.add(gene.canonical())) {
                duplicated++;
                example(duplicatedExamples, line(gene));
            }
        }
        return new GeneReport(
                names, rules, approved, sharing, duplicated, examples, sharingExamples, duplicatedExamples);
    }

    private static String shared(GeneResolution gene) {
        List<String> others = gene.others();
        List<String> some = others.subList(0, Math.min(MOST_OTHERS, others.size()));
        return gene.name() + ": " + String.join(", ", some) + (some.size() < others.size() ? ", …" : "");
    }

    private static String line(GeneResolution gene) {
        if (gene.rule() == ResolutionRule.AMBIGUOUS) {
            return shared(gene);
        }
        boolean same = gene.canonical().equals(gene.name());
        return same ? gene.name() : gene.name() + (gene.resolved() ? " → " + gene.canonical() : "");
    }

    private static void example(List<String> examples, String text) {
        if (examples.size() < EXAMPLES) {
            examples.add(text);
        }
    }

    /** How many genes by a rule. */
    public int count(ResolutionRule rule) {
        return rules.getOrDefault(rule, 0);
    }
}
