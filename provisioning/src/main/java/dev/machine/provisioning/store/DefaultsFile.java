package dev.machine.provisioning.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.JsonFault;
import dev.machine.common.MachineException;
import dev.machine.common.Similar;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.OptionSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads {@code config.yaml} token by token, because only tokens have line numbers. */
final class DefaultsFile {
    private static final String MIRROR = "engine-registry-mirror";
    private static final String INSECURE = "engine-insecure-registry";
    private static final String LABEL = "engine-label";
    private static final String APT = "engine-apt-mirror";

    private final Path file;
    private final Map<String, DriverInfo> known = new TreeMap<>();
    private final List<String> mirrors = new ArrayList<>();
    private final List<String> insecure = new ArrayList<>();
    private final List<String> aptMirrors = new ArrayList<>();
    private final Map<String, String> labels = new TreeMap<>();
    private final Map<String, Map<String, String>> drivers = new TreeMap<>();

    DefaultsFile(Path file, List<DriverInfo> known) {
        this.file = file;
        known.forEach(driver -> this.known.put(driver.name(), driver));
    }

    Defaults load() {
        YAMLFactory yaml =
                YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
        try (Reader reader =
                        new InputStreamReader(
                                new ByteArrayInputStream(AtomicFiles.read(file)),
                                StandardCharsets.UTF_8.newDecoder());
                YAMLParser parser = yaml.createParser(reader)) {
            document(parser);
        } catch (NoSuchFileException e) {
            // The user has no defaults.
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw wrong(line, "not YAML: " + JsonFault.words(e).lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
        return new Defaults(mirrors, insecure, labels, aptMirrors.stream().findFirst(), drivers);
    }

    private void document(YAMLParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null || isNothing(parser)) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            throw wrong(parser, "keys and values are expected here");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            top(parser, parser.currentName());
        }
        if (parser.nextToken() != null) {
            throw wrong(parser, "a second document is not read");
        }
    }

    private void top(YAMLParser parser, String key) throws IOException {
        switch (key) {
            case MIRROR -> texts(parser, key, mirrors);
            case INSECURE -> texts(parser, key, insecure);
            case LABEL -> pairs(parser, key, labels);
            case APT -> aptMirror(parser);
            default -> {
                DriverInfo driver = known.get(key);
                if (driver == null) {
                    Set<String> keys = new TreeSet<>(known.keySet());
                    keys.addAll(List.of(MIRROR, INSECURE, LABEL, APT));
                    throw unknown(parser, key, keys);
                }
                drivers.put(key, options(parser, driver));
            }
        }
    }

    private void aptMirror(YAMLParser parser) throws IOException {
        texts(parser, APT, aptMirrors);
        for (String mirror : aptMirrors) {
            if (aptMirrors.size() > 1 || !EngineInstall.isAptMirror(mirror)) {
                throw wrong(parser, "\"" + APT + "\" takes " + EngineInstall.APT_MIRROR);
            }
        }
    }

    private Map<String, String> options(YAMLParser parser, DriverInfo driver) throws IOException {
        Map<String, String> options = new TreeMap<>();
        Set<String> keys = new TreeSet<>();
        driver.options().stream()
                .filter(option -> option.kind() != OptionSpec.Kind.STDIN)
                .map(OptionSpec::name)
                .forEach(keys::add);
        if (!opens(parser, driver.name())) {
            return options;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            boolean secret =
                    driver.options().stream().anyMatch(o -> o.secret() && o.name().equals(key));
            if (!keys.contains(key)) {
                throw secret ? kept(parser, key, "") : unknown(parser, key, keys);
            }
            parser.nextToken();
            String value = text(parser, key);
            if (secret && !value.startsWith("@")) {
                throw kept(parser, key, ": write @ and the name of a file that holds it");
            }
            options.put(key, value);
        }
        return options;
    }

    private MachineException kept(YAMLParser parser, String key, String instead) {
        return wrong(parser, "\"" + key + "\" is a secret and may not stand in a file" + instead);
    }

    private void pairs(YAMLParser parser, String key, Map<String, String> into) throws IOException {
        if (!opens(parser, key)) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            into.put(name, text(parser, name));
        }
    }

    /** Whether keys and values follow; a key without a value is ignored. */
    private boolean opens(YAMLParser parser, String key) throws IOException {
        JsonToken token = parser.nextToken();
        if (isNothing(parser)) {
            return false;
        }
        if (token != JsonToken.START_OBJECT) {
            throw wrong(parser, "\"" + key + "\" takes keys and values");
        }
        return true;
    }

    private void texts(YAMLParser parser, String key, List<String> into) throws IOException {
        JsonToken token = parser.nextToken();
        if (isNothing(parser)) {
            return;
        }
        if (token != JsonToken.START_ARRAY) {
            into.add(text(parser, key));
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            into.add(text(parser, key));
        }
    }

    private static boolean isNothing(YAMLParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NULL
                || (parser.currentToken() == JsonToken.VALUE_STRING && parser.getText().isEmpty());
    }

    private String text(YAMLParser parser, String key) throws IOException {
        boolean scalar = parser.currentToken().isScalarValue();
        if (!scalar || isNothing(parser) || parser.isCurrentAlias()) {
            throw wrong(parser, "the value of \"" + key + "\" is not a plain text");
        }
        return parser.getText();
    }

    private MachineException unknown(YAMLParser parser, String key, Set<String> keys) {
        String meant =
                Similar.closest(key, keys).map(it -> ", did you mean \"" + it + "\"?").orElse("");
        return new MachineException(
                place(parser.currentTokenLocation().getLineNr())
                        + "unknown key \""
                        + key
                        + "\""
                        + meant,
                "known here: " + String.join(", ", keys),
                ExitCode.ERROR);
    }

    private MachineException wrong(YAMLParser parser, String sentence) {
        return wrong(parser.currentTokenLocation().getLineNr(), sentence);
    }

    private MachineException wrong(int line, String sentence) {
        return new MachineException(place(line) + sentence);
    }

    private String place(int line) {
        return file + " line " + line + ": ";
    }
}
