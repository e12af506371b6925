package org.celllm.data.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeFilesTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsReplacedAsAWhole() throws IOException {
        Path target = folder.resolve("result");
        SafeFiles.folder(target, work -> {
            SafeFiles.text(work.resolve("a"), "first");
            SafeFiles.text(work.resolve("b"), "first");
        });
        SafeFiles.folder(target, work -> {
            assertThat(target.resolve("b")).exists();
            SafeFiles.text(work.resolve("a"), "second");
        });
        assertThat(target.resolve("a")).hasContent("second");
        assertThat(target.resolve("b")).doesNotExist();
        assertThat(names()).containsExactly("result");
    }

    @Test
    void aFolderThatFailsLeavesWhatWasThere() throws IOException {
        Path target = folder.resolve("result");
        SafeFiles.folder(target, work -> SafeFiles.text(work.resolve("a"), "first"));
        assertThatThrownBy(() -> SafeFiles.folder(target, work -> {
                    SafeFiles.text(work.resolve("a"), "second");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("disk is full");
        assertThat(target.resolve("a")).hasContent("first");
        assertThat(names()).containsExactly("result");
    }

    @Test
    void aFileThatFailsLeavesWhatWasThere() throws IOException {
        Path target = folder.resolve("file");
        SafeFiles.text(target, "first");
        assertThatThrownBy(() -> SafeFiles.stream(target, out -> {
                    out.write(1);
                    throw new IOException("reading failed");
                }))
                .isInstanceOf(IOException.class);
        assertThat(target).hasContent("first");
        assertThat(names()).containsExactly("file");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> String.valueOf(path.getFileName())).toList().stream();
        }
    }
}
