package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    @TempDir
    Path folder;

    @Test
    void isOneFileThatAsksTheNetworkForNothing() {
        String html = HtmlReport.render(ExamplePage.of(1, 60));
        String markup = html.replaceAll("(?s)<script[^>]*>.*?</script>", "");

        assertThat(markup).contains("default-src 'none'");
        assertThat(markup).doesNotContain("src=").doesNotContain("href=").doesNotContain("url(");
    }

    @Test
    void namesThatLookLikeMarkupCannotEndTheScript() {
        String html = HtmlReport.render(ExamplePage.of(1, 60));

        assertThat(Pattern.compile("</script>").matcher(html).results().count())
                .as("one end for each of the three scripts of the page")
                .isEqualTo(3);
        assertThat(html).contains("<title>Annotator for pbmc &lt;/script&gt;&lt;b&gt;</title>");
        assertThat(HtmlReport.escapeJson("{\"a\":\"</script><!--\"}")).doesNotContain("<");
        assertThat(HtmlReport.escapeScript("'</SCRIPT>' + '<!--'"))
                .doesNotContain("</SCRIPT")
                .doesNotContain("<!--");
    }

    @Test
    void drawsEverySectionInABrowserWithoutANetwork() throws Exception {
        Optional<HeadlessChromium> browser = HeadlessChromium.find(folder);
        assumeThat(browser).as("a chromium on the PATH, to open the report in").isPresent();
        Path page = folder.resolve("report.html");
        HtmlReport.write(page, ExamplePage.of(2, 400));

        String dom = browser.get().dom(page);

        assertThat(dom).contains("data-ready=\"yes\"").doesNotContain("id=\"broken\"");
        assertThat(dom).contains("data-charts=\"6\"");
        assertThat(dom).contains("<canvas");
        assertThat(Pattern.compile("<svg").matcher(dom).results().count())
                .as("three panels, the scores and the confusion matrix")
                .isGreaterThanOrEqualTo(5);
        for (String id : new String[] {"summary", "data", "training", "cells", "scores", "settings"}) {
            assertThat(dom).contains("id=\"" + id + "\"");
        }
        assertThat(dom).contains("glioblastoma/with/a/long/path.h5ad").contains("views.temperature");
        assertThat(dom).contains("dendritic &lt;/script&gt; cell");
    }

    @Test
    void aPageThatCannotBeDrawnSaysSo() throws Exception {
        Optional<HeadlessChromium> browser = HeadlessChromium.find(folder);
        assumeThat(browser).as("a chromium on the PATH, to open the report in").isPresent();
        Path page = folder.resolve("broken.html");
        String html = HtmlReport.render(ExamplePage.of(2, 60));
        Files.writeString(page, html.replace("\"panels\":[", "\"panels\":[null,"));

        assertThat(browser.get().dom(page)).contains("data-ready=\"error\"").contains("id=\"broken\"");
    }
}
