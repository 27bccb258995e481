package dev.machine.driver;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a machine: an IPv4 address, an IPv6 address (RFC 4291, without brackets) or a host
 * name (RFC 1123, section 2.1). No method asks a name server.
 */
public final class Addresses {
    private static final Pattern LOOKS_LIKE_IPV4 = Pattern.compile("[0-9.]+");
    private static final Pattern OCTET =
            Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern LABEL =
            Pattern.compile("[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?");

    private Addresses() {}

    /** What is wrong with an address, as the end of a sentence; empty if it may be one. */
    public static Optional<String> problem(String address) {
        if (address.contains(":")) {
            return isIpv6(address)
                    ? Optional.empty()
                    : Optional.of("\"" + address + "\" is not an IPv6 address");
        }
        if (LOOKS_LIKE_IPV4.matcher(address).matches()) {
            return isIpv4(address)
                    ? Optional.empty()
                    : Optional.of(
                            "\""
                                    + address
                                    + "\" is not an IPv4 address: that is four numbers from 0 to"
                                    + " 255");
        }
        return isHostName(address)
                ? Optional.empty()
                : Optional.of("\"" + address + "\" is neither an address nor a host name");
    }

    /** Whether a text is an IP address, of either version. */
    public static boolean isIp(String text) {
        return isIpv4(text) || isIpv6(text);
    }

    private static boolean isIpv4(String text) {
        String[] octets = text.split("\\.", -1);
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches()) {
                return false;
            }
        }
        return octets.length == 4;
    }

    private static boolean isIpv6(String text) {
        if (!IPV6.matcher(text).matches()) {
            return false;
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            // Java reports an invalid address by an exception.
            return false;
        }
    }

    private static boolean isHostName(String text) {
        if (text.length() > 253) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }
}
