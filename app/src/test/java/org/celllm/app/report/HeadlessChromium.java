package org.celllm.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Opens a page in a browser without a window and without a network. */
final class HeadlessChromium {
    private final Path binary;
    private final Path scratch;

    private HeadlessChromium(Path binary, Path scratch) {
        this.binary = binary;
        this.scratch = scratch;
    }

    /** The browser on the PATH, if there is one. */
    static Optional<HeadlessChromium> find(Path scratch) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(binary -> new HeadlessChromium(binary, scratch));
    }

    /** The page's elements after its scripts ran. */
    String dom(Path page) throws IOException, InterruptedException {
        Path out = scratch.resolve("dom.html");
        run(out, page, "--dump-dom");
        return Files.readString(out);
    }

    /** A picture of the page. */
    void picture(Path page, Path png, int width, int height) throws IOException, InterruptedException {
        run(
                scratch.resolve("picture.log"),
                page,
                "--screenshot=" + png,
                "--hide-scrollbars",
                "--window-size=" + width + "," + height);
    }

    private void run(Path out, Path page, String... wanted) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--virtual-time-budget=8000",
                "--user-data-dir=" + Files.createTempDirectory(scratch, "profile")));
        command.addAll(List.of(wanted));
        command.add(page.toUri().toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(scratch.resolve("chromium.log").toFile())
                .start();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new IOException("the browser did not finish: " + Files.readString(scratch.resolve("chromium.log")));
        }
    }
}
