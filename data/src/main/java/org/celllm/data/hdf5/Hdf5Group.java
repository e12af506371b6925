package org.celllm.data.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.links.ExternalLink;
import java.util.List;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/** A group of an {@link Hdf5File}. Links into other files are refused: a file must not make us open another. */
public final class Hdf5Group {
    private static final int DEEPEST_LINK = 16;

    private final Hdf5File file;
    private final Group group;
    private final String place;

    Hdf5Group(Hdf5File file, Group group, String place) {
        this.file = file;
        this.group = group;
        this.place = place;
    }

    /** The file it belongs to. */
    public Hdf5File file() {
        return file;
    }

    /** Where it stands: {@code "/obs"}. */
    public String place() {
        return place;
    }

    /** Where a child stands. */
    public String placeOf(String child) {
        return place.endsWith("/") ? place + child : place + "/" + child;
    }

    /** Its attributes. */
    public Hdf5Attributes attributes() {
        return new Hdf5Attributes(file, group, place);
    }

    /** Names of what it holds, in the file's order. */
    public List<String> names() {
        return Hdf5Boundary.guard(
                file.path(), place, () -> List.copyOf(group.getChildren().keySet()));
    }

    /** Whether it holds something of that name. */
    public boolean has(String name) {
        return Hdf5Boundary.guard(file.path(), place, () -> group.getChildren().containsKey(name));
    }

    /** The group of that name, or {@code null} when there is none or it is a dataset. */
    public @Nullable Hdf5Group group(String name) {
        return child(name, 0) instanceof Group found ? new Hdf5Group(file, found, placeOf(name)) : null;
    }

    /** The dataset of that name, or {@code null} when there is none or it is a group. */
    public @Nullable Hdf5Dataset dataset(String name) {
        return child(name, 0) instanceof Dataset found ? Hdf5Dataset.of(file, found, placeOf(name)) : null;
    }

    /**
     * The dataset of that name.
     *
     * @throws InputException when there is none
     */
    public Hdf5Dataset requireDataset(String name) {
        Hdf5Dataset found = dataset(name);
        if (found == null) {
            throw InputException.about(file.path())
                    .at(place)
                    .found("there is no dataset \"" + name + "\"")
                    .remedy("The file is incomplete: write it again with the program that made it")
                    .build();
        }
        return found;
    }

    private @Nullable Node child(String name, int depth) {
        Node node = Hdf5Boundary.guard(
                file.path(), placeOf(name), () -> group.getChildren().get(name));
        if (!(node instanceof Link link)) {
            return node;
        }
        if (node instanceof ExternalLink || depth >= DEEPEST_LINK) {
            throw InputException.about(file.path())
                    .at(placeOf(name))
                    .found(node instanceof ExternalLink ? "is a link into another file" : "is a link to itself")
                    .expected("values inside the file")
                    .remedy("Write the file again with its values inside: anndata.read_h5ad(path).write_h5ad(other)")
                    .build();
        }
        String target = Hdf5Boundary.guard(file.path(), placeOf(name), link::getTargetPath);
        Hdf5Group from = target.startsWith("/") ? file.root() : this;
        Node found = from.group;
        Hdf5Group at = from;
        for (String step : target.split("/")) {
            if (step.isEmpty() || step.equals(".")) {
                continue;
            }
            found = at.child(step, depth + 1);
            if (found == null) {
                return null;
            }
            if (found instanceof Group next) {
                at = new Hdf5Group(file, next, at.placeOf(step));
            }
        }
        return found;
    }
}
