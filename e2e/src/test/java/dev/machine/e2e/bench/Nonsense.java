package dev.machine.e2e.bench;

import java.util.ArrayList;
import java.util.List;

/** What is no HTTP, in many ways. */
final class Nonsense {
    private static final List<String> VERSIONS =
            List.of(
                    "HTTP/-1.1",
                    "HTTP/9.9",
                    "HTTP/1",
                    "http/1.1",
                    "HTTP/1.1.1",
                    "FTP/1.1",
                    "",
                    "\0");
    private static final List<String> FIELDS =
            List.of(
                    "Content-Length: -1",
                    "Content-Length: 1e9",
                    "Content-Length: 99999999999999999999",
                    "Content-Length: 3\r\nContent-Length: 4",
                    "Content-Length: 3\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding: gzip",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                    "X: a\r\n folded",
                    "X\0: a",
                    ": nameless",
                    "nocolon",
                    "X: " + "a".repeat(70_000));
    private static final List<String> BODIES =
            List.of(
                    "",
                    "-5\r\nabc\r\n0\r\n\r\n",
                    "fffffffffffffffff\r\n",
                    "5\r\nabc",
                    "g\r\n\r\n",
                    "{[{[");

    private Nonsense() {}

    /** Requests that are to be refused. */
    static List<String> requests() {
        List<String> all = new ArrayList<>();
        for (String version : VERSIONS) {
            all.add("GET /_ping " + version + "\r\nHost: x\r\n\r\n");
            all.add("G(T /_ping " + version + "\r\nHost: x\r\n\r\n");
        }
        for (String target : List.of("//x", "*", "http://x/", "/%zz", "/a#b", "x", "/\u00ff")) {
            all.add("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        for (String field : FIELDS) {
            for (String body : BODIES) {
                for (String method : List.of("POST", "GET")) {
                    all.add(
                            method
                                    + " /containers/create HTTP/1.1\r\nHost: x\r\n"
                                    + field
                                    + "\r\n\r\n"
                                    + body);
                }
            }
        }
        return all;
    }

    /** 168 answers that no engine gives. */
    static List<String> answers() {
        List<String> all = new ArrayList<>();
        for (String status : List.of("200", "-1", "99999", "abc", "100", "101", "204")) {
            for (String field : FIELDS) {
                all.add("HTTP/1.1 " + status + " X\r\n" + field + "\r\n\r\nabc");
            }
            for (String body : BODIES) {
                all.add("HTTP/1.1 " + status + " X\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
            }
            for (String version : VERSIONS.subList(0, 6)) {
                all.add(version + " " + status + " X\r\nContent-Length: 3\r\n\r\nabc");
            }
        }
        all.set(0, "HTTP/1.1 100 Continue\r\n\r\n".repeat(200_000));
        return all;
    }
}
