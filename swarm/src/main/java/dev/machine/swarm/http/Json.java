package dev.machine.swarm.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** The only JSON that this package writes. */
final class Json {
    private Json() {}

    static byte[] message(String text) {
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(text));
        return ("{\"message\":\"" + quoted + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }
}
