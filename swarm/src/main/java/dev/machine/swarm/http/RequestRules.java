package dev.machine.swarm.http;

import dev.machine.common.LinearPattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;

/**
 * Checks of a request's head beyond those of HttpCore, so that two readers of a request cannot
 * disagree where it ends (RFC 9112, sections 2.2, 3.2, 6.1 to 6.3 and 11.2).
 */
final class RequestRules {
    private static final LinearPattern TOKEN = LinearPattern.of("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final LinearPattern DIGITS = LinearPattern.of("[0-9]{1,18}");

    private RequestRules() {}

    static void check(ClassicHttpRequest request) throws BadRequestException {
        checkTarget(request.getPath());
        if (!TOKEN.matches(request.getMethod())) {
            throw new BadRequestException("the method is not a token");
        }
        for (Header header : request.getHeaders()) {
            if (!TOKEN.matches(header.getName())) {
                throw new BadRequestException("the name of a header is not a token");
            }
        }
        ProtocolVersion version =
                request.getVersion() == null ? HttpVersion.HTTP_1_1 : request.getVersion();
        if (request.countHeaders("Host") > 1
                || (version.greaterEquals(HttpVersion.HTTP_1_1)
                        && request.countHeaders("Host") == 0)) {
            throw new BadRequestException("a request must have exactly one Host header");
        }
        checkFraming(request, version);
    }

    private static void checkTarget(String path) throws BadRequestException {
        if (path == null || !path.startsWith("/") || path.startsWith("//")) {
            throw new BadRequestException("the address of a request must begin with one slash");
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) >= 0x7f || path.charAt(i) == '#') {
                throw new BadRequestException(
                        "the address of a request has a character that must be encoded");
            }
        }
    }

    private static void checkFraming(ClassicHttpRequest request, ProtocolVersion version)
            throws BadRequestException {
        int encodings = request.countHeaders("Transfer-Encoding");
        int lengths = request.countHeaders("Content-Length");
        if (encodings > 0 && lengths > 0) {
            throw new BadRequestException(
                    "a request must not have both Content-Length and Transfer-Encoding");
        }
        if (encodings > 1 || lengths > 1) {
            throw new BadRequestException("a header that says where the body ends is given twice");
        }
        if (encodings == 1) {
            if (!version.greaterEquals(HttpVersion.HTTP_1_1)) {
                throw new BadRequestException("HTTP/1.0 has no Transfer-Encoding");
            }
            if (!"chunked"
                    .equalsIgnoreCase(request.getFirstHeader("Transfer-Encoding").getValue())) {
                throw new BadRequestException("the only supported Transfer-Encoding is chunked");
            }
        }
        if (lengths == 1 && !DIGITS.matches(request.getFirstHeader("Content-Length").getValue())) {
            throw new BadRequestException("Content-Length is not a number");
        }
    }
}
