package dev.machine.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A process of the bench that answers each line of JSON by one. It ends with its input. */
final class Worker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    Worker(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Rig.JAVA);
        command.addAll(List.of("-XX:+UseParallelGC", "-Xms256m", "-Xmx2g", "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    long pid() {
        return process.pid();
    }

    JsonNode read() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("a process of the bench ended: " + process.info());
        }
        return JSON.readTree(line);
    }

    JsonNode ask(Object order) throws IOException {
        in.write(JSON.writeValueAsString(order) + "\n");
        in.flush();
        return read();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
