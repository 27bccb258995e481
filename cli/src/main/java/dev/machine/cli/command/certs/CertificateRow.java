package dev.machine.cli.command.certs;

import dev.machine.provisioning.cert.Authority;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One certificate as {@code certs ls} shows it.
 *
 * @param name of the machine; empty for the store's own
 * @param use who proves what with it
 * @param left until it ends; negative if it has ended, empty where it could not be had
 * @param end when it ends
 */
record CertificateRow(
        String name, String use, Optional<Duration> left, Optional<Instant> end, String error) {
    /** Column titles by template field. */
    static final Map<String, String> TITLES = titles();

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("Name", "NAME");
        titles.put("Use", "USE");
        titles.put("Expires", "EXPIRES");
        titles.put("Days", "DAYS");
        titles.put("Error", "ERROR");
        return Collections.unmodifiableMap(titles);
    }

    static CertificateRow until(String name, String use, Instant end, Instant now) {
        return new CertificateRow(
                name, use, Optional.of(Duration.between(now, end)), Optional.of(end), "");
    }

    static CertificateRow unknown(String name, String use, String error) {
        return new CertificateRow(name, use, Optional.empty(), Optional.empty(), error);
    }

    /** What to do about it; empty as long as there is time. */
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

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Name", name.isEmpty() ? "-" : name);
        fields.put("Use", use);
        fields.put("Expires", end.map(CertificateRow::text).orElse(""));
        fields.put("Days", left.map(time -> Long.toString(time.toDays())).orElse(""));
        fields.put("Error", error);
        return fields;
    }

    /** The same for JSON and YAML. */
    Map<String, Object> structured() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("use", use);
        keys.put("expires", end.map(CertificateRow::text).orElse(null));
        keys.put("days", left.map(Duration::toDays).orElse(null));
        keys.put("error", error);
        return keys;
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
