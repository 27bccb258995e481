package dev.machine.cli.command.certs;

import dev.machine.cli.output.Column;
import dev.machine.provisioning.cert.Authority;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * One certificate as {@code certs ls} shows it.
 *
 * @param name of the machine; empty for a certificate of the store itself
 * @param use what the certificate is for
 * @param left the time until it expires; negative if it has expired, empty if it could not be read
 * @param end when it expires
 */
record CertificateRow(
        String name, String use, Optional<Duration> left, Optional<Instant> end, String error) {
    static final List<Column<CertificateRow>> COLUMNS =
            List.of(
                    new Column<>(
                            "NAME",
                            "Name",
                            "name",
                            row -> row.name.isEmpty() ? "-" : row.name,
                            CertificateRow::name),
                    Column.of("USE", "Use", "use", CertificateRow::use),
                    new Column<>(
                            "EXPIRES",
                            "Expires",
                            "expires",
                            row -> row.end.map(CertificateRow::text).orElse(""),
                            row -> row.end.map(CertificateRow::text).orElse(null)),
                    new Column<>(
                            "DAYS",
                            "Days",
                            "days",
                            row -> row.left.map(time -> Long.toString(time.toDays())).orElse(""),
                            row -> row.left.map(Duration::toDays).orElse(null)),
                    Column.of("ERROR", "Error", "error", CertificateRow::error));

    static CertificateRow until(String name, String use, Instant end, Instant now) {
        return new CertificateRow(
                name, use, Optional.of(Duration.between(now, end)), Optional.of(end), "");
    }

    static CertificateRow unknown(String name, String use, String error) {
        return new CertificateRow(name, use, Optional.empty(), Optional.empty(), error);
    }

    /** A warning with the command that renews it; empty while there is enough time. */
    Optional<String> warning() {
        return left.filter(time -> time.compareTo(Authority.RENEW_BEFORE) < 0)
                .map(
                        time ->
                                "the certificate of %s %s"
                                                .formatted(
                                                        name.isEmpty() ? "the " + use : name,
                                                        time.isNegative()
                                                                ? "has ended"
                                                                : "ends in "
                                                                        + time.toDays()
                                                                        + " days")
                                        + ": machine "
                                        + cure());
    }

    private String cure() {
        if (!name.isEmpty()) {
            return "regenerate-certs " + name;
        }
        return use.equals("user") ? "regenerate-certs --client-certs" : "certs rotate-ca";
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
