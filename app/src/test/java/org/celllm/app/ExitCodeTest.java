package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void whatTheUserCanMendIs2() {
        assertThat(ExitCode.of(InputException.about("x").build())).isEqualTo(2);
        assertThat(ExitCode.of(new NoSuchFileException("x"))).isEqualTo(2);
        assertThat(ExitCode.of(new AccessDeniedException("x"))).isEqualTo(2);
        assertThat(ExitCode.of(new FileSystemException("x", null, "Read-only file system")))
                .isEqualTo(2);
        assertThat(ExitCode.of(new IOException("No space left on device"))).isEqualTo(2);
    }

    @Test
    void everythingElseIs1() {
        assertThat(ExitCode.of(new IllegalStateException("x"))).isEqualTo(1);
        assertThat(ExitCode.of(new IOException("x"))).isEqualTo(1);
        assertThat(ExitCode.of(new OutOfMemoryError())).isEqualTo(1);
    }

    @Test
    void theSentenceIsOneLine() {
        assertThat(ExitCode.sentence(InputException.about("x").found("a\n  b").build()))
                .isEqualTo("x: a b.");
        assertThat(ExitCode.sentence(new NoSuchFileException("a.h5ad"))).isEqualTo("a.h5ad: no such file or folder.");
    }
}
