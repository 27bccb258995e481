package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.RequestMemory;
import dev.machine.swarm.http.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * An engine's stream of statistics, one JSON object on each line, with the container's name
 * replaced. A line that is longer than any engine writes is passed on unchanged.
 */
final class NamedStats extends InputStream {
    private static final int MAX_LINE_BYTES = 1 << 20;

    private final InputStream source;
    private final String node;
    private final NameStyle style;
    private final RequestMemory.Share share;
    private InputStream line = InputStream.nullInputStream();

    private NamedStats(
            InputStream source, String node, NameStyle style, RequestMemory.Share share) {
        this.share = share;
        this.source = source;
        this.node = node;
        this.style = style;
    }

    /** The answer with names in a style. */
    static Response in(NameStyle style, String node, Response told, RequestMemory.Share share) {
        return style != NameStyle.SLASH
                        && told.status() == 200
                        && told.body() instanceof Response.Relay(var source, long length, var owner)
                ? new Response(
                        told.status(),
                        told.headers(),
                        new Response.Relay(new NamedStats(source, node, style, share), -1, owner))
                : told;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        int read = line.read(into, from, most);
        if (read >= 0) {
            return read;
        }
        byte[] next = nextLine();
        if (next.length == 0) {
            return -1;
        }
        line = new ByteArrayInputStream(next);
        return line.read(into, from, most);
    }

    private byte[] nextLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        for (int c = source.read(); c >= 0; c = source.read()) {
            bytes.write(c);
            if (c == '\n' || bytes.size() == MAX_LINE_BYTES) {
                break;
            }
        }
        return renamed(bytes.toByteArray());
    }

    private byte[] renamed(byte[] told) {
        share.takeTree(told.length);
        try {
            if (ExactJson.read(told) instanceof ObjectNode stats && stats.has("name")) {
                String name = QualifiedName.bare(stats.path("name").asText());
                stats.put("name", "/" + style.alone(node, name));
                byte[] json = ExactJson.write(stats);
                byte[] line = Arrays.copyOf(json, json.length + 1);
                line[json.length] = '\n';
                return line;
            }
        } catch (IOException e) {
            // Not JSON: passed on unchanged.
        } finally {
            share.giveTree(told.length);
        }
        return told;
    }

    @Override
    public int available() throws IOException {
        return line.available();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
