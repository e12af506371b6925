package org.celllm.tasks.response.model;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseMethod;
import org.celllm.tasks.response.ResponseSplit;

/**
 * The response model as methods of a protocol: as it is, and what is left of it when a part is taken away. They share the fits of
 * each split, so the time of a fit is the first one's.
 */
public final class ResponseModelMethods {
    /** The model's name in tables. */
    public static final String MODEL = "CellLM response";

    private ResponseModelMethods() {}

    /**
     * The methods; the first is the model.
     *
     * @param data when it has encoded lines, a model without them stands beside
     * @param workers used while the methods are
     */
    public static List<ResponseMethod> of(ResponseData data, Workers workers) {
        Fits fits = new Fits(workers, true);
        List<ResponseMethod> methods = new ArrayList<>();
        methods.add(method(MODEL, fits, 0));
        List<ResponsePath<?>> paths = ResponseModelFit.paths();
        for (int p = 0; p < paths.size(); p++) {
            methods.add(method(alone(paths.get(p)), fits, p + 1));
        }
        if (data.lines().encoded() != null) {
            methods.add(method(MODEL + " without the encoder", new Fits(workers, false), 0));
        }
        return methods;
    }

    /** Whether a method of that name is the model, or what is left of it, rather than a baseline. */
    public static boolean isModel(String method) {
        return method.startsWith(MODEL)
                || ResponseModelFit.paths().stream()
                        .anyMatch(path -> alone(path).equals(method));
    }

    private static String alone(ResponsePath<?> path) {
        return path.name() + " alone";
    }

    /** Predictions of the test pairs of each split: of the blend and then of each path. */
    private static final class Fits {
        private final Workers workers;
        private final boolean encoded;
        private final IdentityHashMap<ResponseSplit, float[][]> bySplit = new IdentityHashMap<>();

        Fits(Workers workers, boolean encoded) {
            this.workers = workers;
            this.encoded = encoded;
        }

        float[] of(ResponseData data, ResponseSplit split, long seed, int part) {
            float[][] predicted = bySplit.get(split);
            if (predicted == null) {
                predicted = ResponseModelFit.predictTest(encoded ? data : data.withoutEncoded(), split, seed, workers);
                bySplit.put(split, predicted);
            }
            return predicted[part];
        }
    }

    private static ResponseMethod method(String name, Fits fits, int part) {
        return new ResponseMethod() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public float[] predict(ResponseData data, ResponseSplit split, long seed) {
                return fits.of(data, split, seed, part);
            }
        };
    }
}
