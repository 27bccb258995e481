package dev.machine.common;

/** Writes hosts for URLs: an IPv6 address stands in brackets there (RFC 3986, section 3.2.2). */
public final class HostPort {
    private HostPort() {}

    /**
     * The host part of a URL.
     *
     * @param host a name or an address, without brackets
     */
    public static String host(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** The same with a port, as {@code 192.168.1.4:2376} or {@code [fd00::4]:2376}. */
    public static String of(String host, int port) {
        return host(host) + ":" + port;
    }
}
