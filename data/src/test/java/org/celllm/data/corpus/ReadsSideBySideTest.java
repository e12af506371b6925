package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadsSideBySideTest {
    @ParameterizedTest(name = "{0} reads")
    @ValueSource(ints = {0, 1, 3, 4, 9, 500})
    void doesEveryReadOnce(int reads) throws IOException {
        AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, reads));
        try (ReadsSideBySide many = new ReadsSideBySide()) {
            many.all(reads, done::incrementAndGet);
        }
        for (int n = 0; n < reads; n++) {
            assertThat(done.get(n)).as("read %d", n).isEqualTo(1);
        }
    }

    @Test
    void doesSeveralAtATime() throws IOException {
        CountDownLatch all = new CountDownLatch(8);
        try (ReadsSideBySide many = new ReadsSideBySide()) {
            many.all(8, n -> {
                all.countDown();
                try {
                    // Ends only when the other seven have begun.
                    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
        }
    }

    @Test
    void saysTheFirstFailureWhenNoReadRunsAnyMore() throws IOException {
        AtomicInteger running = new AtomicInteger();
        try (ReadsSideBySide many = new ReadsSideBySide()) {
            for (int failing = 0; failing < 40; failing++) {
                int fails = failing;
                assertThatThrownBy(() -> many.all(40, n -> {
                            running.incrementAndGet();
                            try {
                                if (n == fails) {
                                    throw new IOException("read " + n);
                                }
                                Thread.onSpinWait();
                            } finally {
                                running.decrementAndGet();
                            }
                        }))
                        .isInstanceOf(IOException.class)
                        .hasMessage("read " + fails);
                assertThat(running).hasValue(0);
            }
            assertThatThrownBy(() -> many.all(5, n -> {
                        throw new IndexOutOfBoundsException("no cell");
                    }))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void anInterruptionIsKeptAndSaidWhenNoReadRunsAnyMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>(false);
        try (ReadsSideBySide many = new ReadsSideBySide()) {
            Thread caller = new Thread(() -> {
                try {
                    many.all(1000, n -> {
                        begun.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new IOException("a read was interrupted, which closes its file", e);
                        }
                        done.incrementAndGet();
                    });
                } catch (IOException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            Thread.sleep(50);
            assertThat(caller.isAlive()).isTrue();
            go.countDown();
            caller.join(30_000);
        }
        assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
        assertThat(flag.get()).isTrue();
        assertThat(done.get()).isLessThan(1000);
    }
}
