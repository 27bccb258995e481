package dev.machine.driver.digitalocean;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.machine.driver.MachineKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What cloud-init does on the droplet before sshd starts (cloud-init's reference, modules "SSH" and
 * "Users and Groups"): the host key that we made becomes its only one, our public key may log in.
 * Always ASCII, because the client library sends nothing else whole.
 */
final class UserData {
    /** DigitalOcean takes 64 KiB; a file of the user's grows by a third, and ours is about 1 KB. */
    static final int MOST_OF_THE_USER = 45_000;

    private static final String BOUNDARY = "==machine==";

    private UserData() {}

    /**
     * @param user who logs in; one that is not there is made
     * @param authorizedKey empty when the user has a key of his own in his account
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

    /** JSON is YAML: so a library quotes it. */
    private static JsonObject config(
            MachineKeys.Host host, String user, Optional<String> authorizedKey) {
        JsonObject keys = new JsonObject();
        keys.addProperty("ed25519_private", host.privateKey());
        keys.addProperty("ed25519_public", host.publicKey());
        JsonObject config = new JsonObject();
        config.addProperty("ssh_deletekeys", true);
        config.add("ssh_keys", keys);
        authorizedKey.ifPresent(key -> authorize(config, user, key));
        // Behind a part of the user's own: lists of both count, and what he says of the rest stays.
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
     * A MIME archive (RFC 2046) of both; as {@code text/plain} cloud-init looks at the first line.
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
