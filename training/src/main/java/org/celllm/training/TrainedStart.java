package org.celllm.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.InputException;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Preset;
import org.celllm.network.WeightShapes;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.StoredModel;

/**
 * A trained model that training goes on from: its network, its weights, its genes in their order, and behind them those that only the new
 * cells have, whose embeddings begin as random numbers of the same spread. The optimiser begins anew.
 *
 * <p>Holds the weights until {@link #create} or {@link #close}.
 */
public final class TrainedStart implements AutoCloseable {
    private static final long PURPOSE = 0x57A47L;

    private final Path folder;
    private final String hash;
    private final StoredModel stored;
    private final NetworkConfig network;
    private final ModelOptions options;
    private final TrainingCells cells;
    private final int known;
    private final int added;

    private TrainedStart(Path folder, String hash, StoredModel stored, TrainingCells given) {
        this.folder = folder;
        this.hash = hash;
        this.stored = stored;
        List<String> names = new ArrayList<>(stored.genes().names());
        given.genes().names().stream()
                .filter(name -> stored.genes().indexOf(name) < 0)
                .forEach(names::add);
        this.added = names.size() - stored.genes().size();
        this.known = given.genes().size() - added;
        if (known == 0) {
            throw InputException.about(folder)
                    .found("knows none of the " + added + " genes of the cells; its first are " + first(stored.genes())
                            + ", theirs " + first(given.genes()))
                    .expected("names of the same kind")
                    .remedy("Build the corpus with --hgnc, or --gencode, to have symbols")
                    .build();
        }
        if (names.size() > GeneVocabulary.MOST_GENES) {
            throw InputException.about(folder)
                    .found(stored.genes().size() + " genes, and " + added + " more in the cells")
                    .expected("at most " + GeneVocabulary.MOST_GENES + " together")
                    .remedy("Build the corpus over the model's genes, with --genes")
                    .build();
        }
        this.cells = new WiderCells(given, new GeneVocabulary(names));
        this.network = stored.model().config().withGenes(names.size());
        this.options = stored.model().options();
    }

    /**
     * Opens a model to go on from.
     *
     * @param folder of the model
     * @param cells to train on
     * @throws InputException when the folder is no model, or knows none of the cells' genes
     */
    public static TrainedStart open(Path folder, TrainingCells cells) throws IOException {
        StoredModel stored = ModelFolder.read(folder, Precision.FLOAT32);
        try {
            MessageDigest digest = Sha256.digest();
            for (String file : List.of(ModelFolder.CONFIG, ModelFolder.GENES, ModelFolder.WEIGHTS)) {
                digest.update(file.getBytes(StandardCharsets.UTF_8));
                Sha256.add(digest, folder.resolve(file));
            }
            return new TrainedStart(folder, Sha256.text(digest), stored, cells);
        } catch (Throwable e) {
            stored.close();
            throw e;
        }
    }

    /** The cells over the genes of the model and their own. */
    public TrainingCells cells() {
        return cells;
    }

    /** The network, over those genes. */
    public NetworkConfig network() {
        return network;
    }

    /** Width of the projection head, 0 for none. */
    public int projection() {
        return options.projection();
    }

    /** The preset that is most like the network: what the optimiser's usual settings are taken of. */
    public Preset preset() {
        Preset like = Preset.TINY;
        for (Preset preset : Preset.values()) {
            if (network.dim() >= preset.config(1).dim()) {
                like = preset;
            }
        }
        return like;
    }

    /** What a person should know of it, in a sentence. */
    String note() {
        return "begins with the weights of " + folder + ", which knows " + known + " of the cells' " + (known + added)
                + " genes" + (added > 0 ? "; the others begin random" : "");
    }

    /** Tells models apart. */
    String hash() {
        return hash;
    }

    /**
     * The model to train; gives the stored weights back.
     *
     * @param wanted what stands around the encoder
     * @param seed of the embeddings of genes that it did not know
     */
    CellLanguageModel create(ModelOptions wanted, long seed, Precision precision) {
        if (wanted.projection() != options.projection()) {
            throw new IllegalArgumentException(
                    "a projection of " + wanted.projection() + " for a model with " + options.projection());
        }
        try {
            return CellLanguageModel.of(
                    network,
                    wanted,
                    precision,
                    (name, shape) -> name.equals(WeightShapes.GENES) ? genes(seed) : weight(name));
        } finally {
            stored.close();
        }
    }

    @Override
    public void close() {
        stored.close();
    }

    private Tensor weight(String name) {
        Tensor weight = stored.model().weights().get(name);
        if (weight == null) {
            throw new IllegalStateException(folder + " has no weight " + name + ", or was used before");
        }
        return weight;
    }

    /** The known genes, the new ones, and the rows of CLS and padding. */
    private Tensor genes(long seed) {
        Tensor table = weight(WeightShapes.GENES);
        int before = stored.genes().size();
        if (added == 0) {
            return table;
        }
        Tensor old = table.narrow(0, 0, before);
        double spread = torch.linalg_vector_norm(old).item_double() / Math.sqrt((double) before * network.dim());
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE);
        float[] rows = new float[Math.multiplyExact(added, network.dim())];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (spread * random.nextGaussian());
        }
        return torch.cat(
                new TensorVector(old, TensorArrays.of(rows, added, network.dim()), table.narrow(0, before, 2)), 0);
    }

    private static List<String> first(GeneVocabulary genes) {
        return genes.names().subList(0, Math.min(3, genes.size()));
    }
}
