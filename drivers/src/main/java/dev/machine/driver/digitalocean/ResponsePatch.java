package dev.machine.driver.digitalocean;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Optional;

/**
 * Takes out of an answer what the client library's types cannot hold, and which makes it throw the
 * whole answer away: numbers of actions have outgrown its {@code int}, and the transfer of a size
 * is no whole number any more. Nobody here reads either.
 */
final class ResponsePatch {
    private ResponsePatch() {}

    /** The answer that the client can read; empty if it is no JSON object. */
    static Optional<String> mend(String body) {
        JsonElement tree;
        try {
            tree = JsonParser.parseString(body);
        } catch (JsonParseException e) {
            return Optional.empty();
        }
        if (!tree.isJsonObject()) {
            return Optional.empty();
        }
        JsonObject root = tree.getAsJsonObject();
        without(root.get("links"), "actions");
        without(root.get("action"), "id");
        if (root.get("sizes") != null && root.get("sizes").isJsonArray()) {
            root.getAsJsonArray("sizes").forEach(size -> without(size, "transfer"));
        }
        return Optional.of(root.toString());
    }

    private static void without(JsonElement element, String key) {
        if (element != null && element.isJsonObject()) {
            element.getAsJsonObject().remove(key);
        }
    }
}
