package org.celllm.tasks.isotropy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a comparison measured.
 *
 * @param settings of the comparison
 * @param fileCells cells of the file
 * @param cells of them that each seed used
 * @param sameViews whether all models have the same genes and longest sequence, and so saw the very same views
 * @param representations the models in the order given, then the references
 */
public record IsotropyScores(
        IsotropySettings settings,
        int fileCells,
        int cells,
        boolean sameViews,
        List<RepresentationScores> representations) {
    public IsotropyScores {
        representations = List.copyOf(representations);
    }

    /** All of it, for {@code isotropy.json} and reports. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("evaluation", "isotropy").put("fileCells", fileCells).put("cells", cells);
        ArrayNode seeds = json.putArray("seeds");
        LongStream.rangeClosed(1, settings.seeds()).forEach(seeds::add);
        json.put("hide", settings.views().hide()).put("thin", settings.views().thin());
        json.put("sameViews", sameViews);
        ArrayNode all = json.putArray("representations");
        representations.forEach(one -> all.add(one.toJson()));
        return json;
    }
}
