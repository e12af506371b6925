package org.celllm.tasks.response.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.ResponseData;

/**
 * The deep path: the mean of some {@link PairNetwork}s that differ in their seeds. Validation pairs choose after which epoch
 * training ends.
 *
 * @param settings of each network
 */
record PairNetworkPath(NetworkSettings settings) implements ResponsePath<PairNetworkPath.Choice> {
    private static final double OTHERS = 0.3;

    /**
     * What validation pairs choose.
     *
     * @param epochs of each member
     */
    record Choice(List<Integer> epochs) {
        Choice {
            epochs = List.copyOf(epochs);
        }
    }

    @Override
    public String name() {
        return "deep path (lines × molecules)";
    }

    @Override
    public Fitted<Choice> fit(ResponseData data, int[] train, int[] validation, long seed, Workers workers) {
        PairNetworkTraining[] members = new PairNetworkTraining[settings.members()];
        try {
            workers.run(Math.min(workers.count(), members.length), members.length, (worker, member) -> {
                members[member] = new PairNetworkTraining(inputs(data, train), settings, memberSeed(seed, member));
                members[member].run(data, validation);
            });
            List<Integer> epochs =
                    Arrays.stream(members).map(PairNetworkTraining::bestEpochs).toList();
            return new Fitted<>(new TrainedPairNetworks(networks(members), described(epochs)), new Choice(epochs));
        } catch (RuntimeException | Error e) {
            close(members);
            throw e;
        }
    }

    @Override
    public TrainedPairNetworks fit(ResponseData data, int[] train, Choice choice, long seed, Workers workers) {
        PairNetworkTraining[] members = new PairNetworkTraining[settings.members()];
        try {
            workers.run(Math.min(workers.count(), members.length), members.length, (worker, member) -> {
                // The learning rate falls as it did in the training that the number of epochs comes from.
                members[member] = new PairNetworkTraining(inputs(data, train), settings, memberSeed(seed, member));
                members[member].run(choice.epochs().get(member));
            });
            return new TrainedPairNetworks(networks(members), described(choice.epochs()));
        } catch (RuntimeException | Error e) {
            close(members);
            throw e;
        }
    }

    private static long memberSeed(long seed, int member) {
        return 1000 * seed + member;
    }

    private static PairNetworkInputs inputs(ResponseData data, int[] train) {
        int tables = data.lines().all().size();
        double[] weights =
                IntStream.range(0, tables).mapToDouble(t -> t == 0 ? 1 : OTHERS).toArray();
        return PairNetworkInputs.of(data, Measured.of(data.responses(), train), weights);
    }

    private static List<TrainedPairNetworks.Member> networks(PairNetworkTraining[] members) {
        List<TrainedPairNetworks.Member> networks = new ArrayList<>();
        for (PairNetworkTraining member : members) {
            networks.add(new TrainedPairNetworks.Member(member.inputs().scales(), member.network()));
        }
        return networks;
    }

    private static void close(PairNetworkTraining[] members) {
        for (PairNetworkTraining member : members) {
            if (member != null) {
                member.network().close();
            }
        }
    }

    private static String described(List<Integer> epochs) {
        return "epochs "
                + String.join(", ", epochs.stream().map(String::valueOf).toList());
    }
}
