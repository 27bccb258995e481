package dev.machine.cert;

import java.util.regex.Pattern;

/** Tells IP addresses from names without asking a name server. */
final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Addresses() {}

    static boolean isIp(String text) {
        return IPV4.matcher(text).matches() || text.contains(":");
    }
}
