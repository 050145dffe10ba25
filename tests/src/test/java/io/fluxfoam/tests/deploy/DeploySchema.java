package io.fluxfoam.tests.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** What a file for somebody else's program must look like, by that program's own schema. */
final class DeploySchema {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonSchema schema;

    private DeploySchema(JsonNode schema) {
        this.schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema);
    }

    /** The Compose Specification's, whose name for itself is none that a validator takes. */
    static DeploySchema compose() throws IOException {
        ObjectNode schema = (ObjectNode) read("compose-spec.json");
        schema.remove("$id");
        return new DeploySchema(schema);
    }

    /**
     * Of a Kubernetes object, by its version and kind. What it does not know is refused, as by its
     * server.
     */
    static DeploySchema kubernetes(JsonNode object) throws IOException {
        ObjectNode all = (ObjectNode) read("kubernetes-1.36.json");
        String kind = object.path("kind").asText();
        String version = object.path("apiVersion").asText();
        String wanted =
                "io.k8s.api."
                        + (version.contains("/")
                                ? version.replaceFirst("\\..*/|/", ".")
                                : "core." + version)
                        + "."
                        + kind;
        if (!all.path("definitions").has(wanted)) {
            throw new IOException("no schema of " + wanted);
        }
        for (JsonNode definition : all.path("definitions")) {
            if (definition.has("properties")) {
                ((ObjectNode) definition).put("additionalProperties", false);
            }
        }
        all.put("$ref", "#/definitions/" + wanted);
        return new DeploySchema(all);
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = DeploySchema.class.getResourceAsStream(name)) {
            return JSON.readTree(in);
        }
    }

    /** What is wrong with it. */
    List<String> refusals(JsonNode file) {
        return schema.validate(file).stream().map(ValidationMessage::getMessage).toList();
    }
}
