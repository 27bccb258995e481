package dev.machine.driver.digitalocean;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Optional;

/**
 * Removes fields from an answer that the client library cannot read and that would make it reject
 * the whole answer: action numbers no longer fit into its {@code int}, and a size's transfer is no
 * longer a whole number. This driver needs neither.
 */
final class ResponsePatch {
    private ResponsePatch() {}

    /** The answer that the library can read; empty if it is not a JSON object. */
    static Optional<String> apply(String body) {
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
