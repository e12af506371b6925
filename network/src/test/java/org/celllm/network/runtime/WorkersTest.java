package org.celllm.network.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void everyPieceIsWorkedOnOnceByTheWorkerOfItsNumberInAscendingOrder() {
        try (Workers workers = new Workers(3)) {
            for (int active = 1; active <= 3; active++) {
                List<List<Integer>> pieces = new ArrayList<>();
                for (int worker = 0; worker < active; worker++) {
                    pieces.add(Collections.synchronizedList(new ArrayList<>()));
                }
                workers.run(active, 10, (worker, piece) -> pieces.get(worker).add(piece));
                for (int worker = 0; worker < active; worker++) {
                    int first = worker;
                    int step = active;
                    List<Integer> expected = IntStream.range(0, 10)
                            .filter(piece -> piece % step == first)
                            .boxed()
                            .toList();
                    assertThat(pieces.get(worker)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void workersWorkAtTheSameTime() {
        try (Workers workers = new Workers(2)) {
            CountDownLatch both = new CountDownLatch(2);
            workers.run(2, 2, (worker, piece) -> {
                both.countDown();
                assertThat(await(both)).as("the other worker began").isTrue();
            });
        }
    }

    @Test
    void aFailureReachesTheCallerOnceNobodyWorksAnyMore() {
        try (Workers workers = new Workers(2)) {
            List<Integer> done = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch failing = new CountDownLatch(1);
            assertThatThrownBy(() -> workers.run(2, 1_000, (worker, piece) -> {
                        if (worker == 0) {
                            failing.countDown();
                            throw new IllegalStateException("piece " + piece);
                        }
                        await(failing);
                        pause();
                        done.add(piece);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("piece 0");
            int after = done.size();
            assertThat(after).as("pieces of the other worker").isLessThan(500);
            List<Integer> again = Collections.synchronizedList(new ArrayList<>());
            workers.run(2, 4, (worker, piece) -> again.add(piece));
            assertThat(again).containsExactlyInAnyOrder(0, 1, 2, 3);
            assertThat(done).hasSize(after);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
