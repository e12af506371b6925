package org.celllm.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.celllm.data.files.SafeFiles;

/**
 * Writes a {@link ReportPage} as one HTML file. Style, script, data and the chart library are inlined, and the page
 * forbids itself every request by a content security policy: it opens offline and tells nobody.
 */
public final class HtmlReport {
    private static final String ECHARTS = "/META-INF/resources/_static/echarts/6.0.0/dist/echarts.min.js";
    private static final Pattern SLOT = Pattern.compile("@(title|style|data|echarts|script)@");
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private HtmlReport() {}

    /** Writes the page to {@code target}. */
    public static void write(Path target, ReportPage page) throws IOException {
        SafeFiles.text(target, render(page));
    }

    /** The page as text. */
    public static String render(ReportPage page) {
        Map<String, String> parts = Map.of(
                "title", escapeHtml(page.title()),
                "style", resource("/report/page.css"),
                "data", escapeJson(json(page)),
                "echarts", escapeScript(resource(ECHARTS)),
                "script", escapeScript(resource("/report/page.js")));
        Matcher slots = SLOT.matcher(resource("/report/page.html"));
        StringBuilder text = new StringBuilder(2_000_000);
        while (slots.find()) {
            slots.appendReplacement(text, "");
            text.append(parts.get(slots.group(1)));
        }
        return slots.appendTail(text).toString();
    }

    /** Inside a script element only {@code <} can end it early or open a comment; JSON has an escape for it. */
    static String escapeJson(String json) {
        return json.replace("<", "\\u003c");
    }

    static String escapeScript(String script) {
        return script.replaceAll("(?i)</(script)", "<\\\\/$1").replace("<!--", "<\\!--");
    }

    private static String escapeHtml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String json(ReportPage page) {
        try {
            return JSON.writeValueAsString(page);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
