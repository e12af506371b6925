package org.celllm.tasks.markers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.genes.GeneVocabulary;

/**
 * The genes that any path of an annotator reads, each once.
 *
 * @param names of the genes
 * @param numbers [paths][genes of the path] place in {@code names}
 */
record PathGenes(List<String> names, int[][] numbers) {
    static PathGenes of(List<GeneVocabulary> vocabularies) {
        Map<String, Integer> places = new LinkedHashMap<>();
        int[][] numbers = new int[vocabularies.size()][];
        for (int path = 0; path < numbers.length; path++) {
            List<String> own = vocabularies.get(path).names();
            numbers[path] = new int[own.size()];
            for (int gene = 0; gene < numbers[path].length; gene++) {
                Integer known = places.putIfAbsent(own.get(gene), places.size());
                numbers[path][gene] = known == null ? places.size() - 1 : known;
            }
        }
        return new PathGenes(new ArrayList<>(places.keySet()), numbers);
    }
}
