package dev.machine.driver.digitalocean;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.machine.driver.MachineKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What cloud-init does on the droplet before sshd starts (cloud-init's reference, modules "SSH" and
 * "Users and Groups"): our host key becomes its only one, and our public key may log in. The text
 * is always ASCII, because the client library damages other characters.
 */
final class UserData {
    /** DigitalOcean accepts 64 KiB; base64 makes the user's file a third longer, ours has 1 KB. */
    static final int MAX_USER_BYTES = 45_000;

    private static final String BOUNDARY = "==machine==";

    private UserData() {}

    /**
     * @param user the user that logs in; made if missing
     * @param authorizedKey empty if the user named a key of the account
     * @param own the user's file, of any kind that cloud-init knows
     */
    static String of(
            MachineKeys.Host host,
            String user,
            Optional<String> authorizedKey,
            Optional<byte[]> own) {
        String ours = "#cloud-config\n" + config(host, user, authorizedKey) + "\n";
        return own.map(file -> archive(file, ours)).orElse(ours);
    }

    /** JSON, which is valid YAML, so that a library does the quoting. */
    private static JsonObject config(
            MachineKeys.Host host, String user, Optional<String> authorizedKey) {
        JsonObject keys = new JsonObject();
        keys.addProperty("ed25519_private", host.privateKey());
        keys.addProperty("ed25519_public", host.publicKey());
        JsonObject config = new JsonObject();
        config.addProperty("ssh_deletekeys", true);
        config.add("ssh_keys", keys);
        authorizedKey.ifPresent(key -> authorize(config, user, key));
        // Ours comes after the user's part: lists are joined, and the user's other settings stay.
        config.addProperty("merge_how", "dict(recurse_array)+list(append)");
        return config;
    }

    private static void authorize(JsonObject config, String user, String key) {
        JsonArray allowed = new JsonArray();
        allowed.add(key);
        config.add("ssh_authorized_keys", allowed);
        if (!user.equals("root")) {
            JsonObject wanted = new JsonObject();
            wanted.addProperty("name", user);
            wanted.addProperty("shell", "/bin/bash");
            wanted.addProperty("sudo", "ALL=(ALL) NOPASSWD:ALL");
            wanted.add("ssh_authorized_keys", allowed.deepCopy());
            JsonArray users = new JsonArray();
            users.add("default");
            users.add(wanted);
            config.add("users", users);
        }
    }

    /**
     * A MIME archive (RFC 2046) of both; cloud-init finds out the kind of a {@code text/plain} part
     * by its first line.
     */
    private static String archive(byte[] own, String ours) {
        return "Content-Type: multipart/mixed; boundary=\""
                + BOUNDARY
                + "\"\nMIME-Version: 1.0\n\n"
                + part("text/plain", own)
                + part("text/cloud-config", ours.getBytes(StandardCharsets.UTF_8))
                + "--"
                + BOUNDARY
                + "--\n";
    }

    private static String part(String type, byte[] content) {
        return "--"
                + BOUNDARY
                + "\nContent-Type: "
                + type
                + "; charset=\"utf-8\"\nContent-Transfer-Encoding: base64\n\n"
                + Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(content)
                + "\n";
    }
}
