package org.celllm.data.genes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables that genes are told by, whole and damaged: each damage is one error with file, place and remedy. */
class NameTablesTest {
    @TempDir
    Path folder;

    private interface Reader {
        Object read(Path file) throws IOException;
    }

    private static Map<String, Reader> readers() {
        Map<String, Reader> readers = new LinkedHashMap<>();
        readers.put("symbol\talias_symbol\tprev_symbol\n", HgncTable::read);
        readers.put("gene_id\tx\tgene_name\n", GencodeTable::read);
        readers.put("mouse_symbol\tx\thuman_symbol\n", OrthologueTable::read);
        return readers;
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("table"), bytes);
    }

    private void assertRefused(Reader reader, byte[] bytes, String... words) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> reader.read(file)).isInstanceOfSatisfying(InputException.class, error -> {
            assertThat(error.subject()).isEqualTo(file.toString());
            assertThat(error.remedy()).isNotNull();
            assertThat(error.expected()).isNotNull();
            assertThat(error.getMessage()).contains(words);
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    @Test
    void refusesWhatIsNoTable() throws IOException {
        for (Map.Entry<String, Reader> one : readers().entrySet()) {
            assertRefused(one.getValue(), new byte[0], "the file is empty");
            assertRefused(one.getValue(), utf8("\n\n"), "the file is empty");
            assertRefused(one.getValue(), utf8("colour\tsize\tweight\nred\t1\t2\n"), "line 1");
            assertRefused(one.getValue(), utf8(one.getKey()), "until the end");
            assertRefused(one.getValue(), utf8(one.getKey() + "A\n"), "line 2", "1 of the fields");
            assertRefused(one.getValue(), utf8("PK\u0003\u0004zip\n"), "is not text");
            assertRefused(one.getValue(), new byte[] {'a', '\t', 0, 0, '\n'}, "is not text");
        }
    }

    @Test
    void refusesATableThatBreaksOffInItsCompression() throws IOException {
        for (Map.Entry<String, Reader> one : readers().entrySet()) {
            StringBuilder rows = new StringBuilder(one.getKey());
            for (int i = 0; i < 5000; i++) {
                rows.append("ENSG")
                        .append(10_000_000_000L + 7919L * i)
                        .append("\tA")
                        .append(i * 31)
                        .append("\tB\n");
            }
            byte[] whole = gzip(utf8(rows.toString()));
            assertThat(one.getValue().read(write(whole))).isNotNull();
            for (int length : new int[] {5, 40, whole.length / 2, whole.length - 4}) {
                assertRefused(one.getValue(), Arrays.copyOf(whole, length), "a whole gzip file");
            }
        }
    }

    @Test
    void refusesAFolder() {
        for (Reader reader : readers().values()) {
            assertThatThrownBy(() -> reader.read(folder))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("is a folder");
        }
    }

    @Test
    void refusesALineWithoutEnd() throws IOException {
        byte[] endless = new byte[3 << 20];
        Arrays.fill(endless, (byte) 'A');
        for (Reader reader : readers().values()) {
            assertRefused(reader, gzip(endless), "line 1", "longer than 1 MB");
        }
    }

    @Test
    void readsGencodeWithAndWithoutAHeader() throws IOException {
        for (String text : new String[] {
            "ENSG00000141510,TP53\nENSG00000198851,CD3E\n",
            "TP53\tENSG00000141510.18\nCD3E\tENSG00000198851.9\n",
            "gene_name,gene_type,gene_id\nTP53,protein_coding,ENSG00000141510.18\nCD3E,protein_coding,ENSG00000198851\n",
            "\uFEFF\"Gene stable ID\";\"Gene name\"\n\"ENSG00000141510\";\"TP53\"\nENSG00000198851;CD3E\n"
        }) {
            GencodeTable table = GencodeTable.read(write(utf8(text)));
            assertThat(table.size()).as(text).isEqualTo(2);
            assertThat(table.name("ENSG00000141510")).as(text).isEqualTo("TP53");
            assertThat(table.ids("CD3E")).as(text).containsExactly("ENSG00000198851");
        }
        GencodeTable two = GencodeTable.read(write(utf8("ENSG00000141510,TP53\nENSG00000141510,TP53B\n")));
        assertThat(two.name("ENSG00000141510")).as("an id with two names").isNull();
        assertRefused(GencodeTable::read, utf8("gene_id,gene_name\nTP53,TP53\n"), "line 2", "Ensembl gene ids");
        assertRefused(
                GencodeTable::read,
                utf8(
                        "##description: evidence\nchr1\tHAVANA\tgene\t1\t2\t.\t+\t.\tgene_id \"ENSG00000141510\"; gene_name \"TP53\"\n"),
                "line 2",
                "GTF");
    }
}
