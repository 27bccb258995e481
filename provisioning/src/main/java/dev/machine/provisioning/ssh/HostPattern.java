package dev.machine.provisioning.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The host names of {@code known_hosts}: patterns with {@code *} and {@code ?}, negated ones,
 * several separated by commas (ssh_config(5), PATTERNS), or one hashed name ({@code |1|salt|hash}).
 */
final class HostPattern {
    private static final String HASHED = "|1|";

    private HostPattern() {}

    /**
     * Whether a list of patterns matches a host; a negated pattern that matches ends the search.
     */
    static boolean matches(String patterns, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (patterns.startsWith(HASHED)) {
            return hashed(patterns, name);
        }
        boolean found = false;
        for (String pattern : patterns.toLowerCase(Locale.ROOT).split(",")) {
            boolean negated = pattern.startsWith("!");
            if (one(negated ? pattern.substring(1) : pattern, name)) {
                if (negated) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    /** Matches one pattern; the time is at most proportional to the product of both lengths. */
    private static boolean one(String pattern, String name) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.length(); ) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean hashed(String pattern, String name) {
        String[] parts = pattern.substring(HASHED.length()).split("\\|");
        if (parts.length != 2) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[0]), "HmacSHA1"));
            return MessageDigest.isEqual(
                    mac.doFinal(name.getBytes(StandardCharsets.UTF_8)),
                    Base64.getDecoder().decode(parts[1]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // A damaged line matches no host.
            return false;
        }
    }
}
