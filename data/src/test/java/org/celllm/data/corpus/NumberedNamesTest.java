package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;

class NumberedNamesTest {
    private static final Path FILE = Path.of("cells.h5ad");

    @Test
    void numbersNamesAsTheyComeAfterThoseThereWere() {
        NumberedNames names = new NumberedNames("labels", List.of("B cell", "T cell"));

        assertThat(names.number("NK cell", FILE)).isEqualTo(3);
        assertThat(names.number("T cell", FILE)).isEqualTo(2);
        assertThat(names.number("NK cell", FILE)).isEqualTo(3);
        assertThat(names.number(null, FILE)).isZero();
        assertThat(names.names()).containsExactly("B cell", "T cell", "NK cell");
    }

    @Test
    void givesTheNumbersOfForgottenNamesToOthers() {
        NumberedNames names = new NumberedNames("labels", List.of("B cell"));
        names.number("T cell", FILE);

        names.keep(1);

        assertThat(names.number("NK cell", FILE)).isEqualTo(2);
        assertThat(names.names()).containsExactly("B cell", "NK cell");
    }

    @Test
    void refusesMoreNamesThanItHasNumbers() {
        NumberedNames names = new NumberedNames("labels", List.of());
        for (int i = 1; i <= 65_535; i++) {
            assertThat(names.number("name " + i, FILE)).isEqualTo(i);
        }

        assertThat(names.number("name 7", FILE)).isEqualTo(7);
        assertThatThrownBy(() -> names.number("one more", FILE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cells.h5ad")
                .hasMessageContaining("65,535 different labels");
    }
}
