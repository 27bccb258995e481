package dev.machine.driver.digitalocean;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** The name of a public key in DigitalOcean's API: MD5 of its wire form, as OpenSSH once showed. */
final class Fingerprint {
    private Fingerprint() {}

    /** Of a line for {@code authorized_keys}. */
    static String of(String authorizedKey) {
        byte[] wire = Base64.getDecoder().decode(authorizedKey.split(" ", 3)[1]);
        try {
            return HexFormat.ofDelimiter(":")
                    .formatHex(MessageDigest.getInstance("MD5").digest(wire));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
