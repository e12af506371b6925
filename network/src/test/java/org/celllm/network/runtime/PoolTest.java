package org.celllm.network.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolTest {
    private final List<Thing> made = new ArrayList<>();

    private static final class Thing implements AutoCloseable {
        private int closed;

        @Override
        public void close() {
            closed++;
        }
    }

    private Pool<Thing> pool() {
        return new Pool<>(() -> {
            Thing thing = new Thing();
            made.add(thing);
            return thing;
        });
    }

    @Test
    void whatIsGivenBackIsLentAgain() {
        try (Pool<Thing> pool = pool()) {
            Thing first = pool.with(thing -> thing);
            assertThat(pool.<Thing>with(thing -> thing)).isSameAs(first);
            assertThat(made).hasSize(1);
        }
        assertThat(made.get(0).closed).isEqualTo(1);
    }

    @Test
    void whatIsInUseIsNotLentToAnother() {
        try (Pool<Thing> pool = pool()) {
            pool.with(outer -> pool.with(inner -> {
                assertThat(inner).isNotSameAs(outer);
                return inner;
            }));
            assertThat(made).hasSize(2);
        }
        assertThat(made).allMatch(thing -> thing.closed == 1);
    }

    @Test
    void aFailureGivesBackToo() {
        try (Pool<Thing> pool = pool()) {
            assertThatThrownBy(() -> pool.with(thing -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            pool.with(thing -> thing);
            assertThat(made).hasSize(1);
        }
    }
}
