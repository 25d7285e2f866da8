using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.JsonSchemas;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Schemas, a row each keyword and way to be wrong. Texts are those of APISIX's validator.</summary>
public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "1", "wrong type: expected string, got number")]
    [InlineData("""{"type":["string","null"]}""", "{}", "wrong type: expected one of string, null, got table")]
    [InlineData("""{"type":["string","null"]}""", "null", null)]
    [InlineData("""{"type":"integer"}""", "1.0", null)]
    [InlineData("""{"type":"integer"}""", "1.5", "wrong type: expected integer, got number")]
    [InlineData("""{"type":"number"}""", "1e3", null)]
    [InlineData("""{"type":"boolean"}""", "false", null)]
    [InlineData("""{"type":"object"}""", "[]", null)]
    [InlineData("""{"type":"array"}""", "{}", null)]
    [InlineData("""{"type":"object"}""", "[1]", "wrong type: expected object, got table")]
    [InlineData("""{"type":"null"}""", "0", "wrong type: expected null, got number")]
    [InlineData("""{"enum":["a",1,{"b":[null]}]}""", "\"\\u0061\"", null)]
    [InlineData("""{"enum":["a",1,{"b":[null]}]}""", """{"b":[null]}""", null)]
    [InlineData("""{"enum":["a",1,{"b":[null]}]}""", "1.0", null)]
    [InlineData("""{"enum":["a"]}""", "\"b\"", "matches none of the enum values")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1}""", null)]
    [InlineData("""{"const":null}""", "0", "failed to check const value")]
    [InlineData("""{"minimum":5}""", "4.5", "expected 4.5 to be at least 5")]
    [InlineData("""{"maximum":5}""", "6", "expected 6 to be at most 5")]
    [InlineData("""{"minimum":5,"maximum":5}""", "5", null)]
    [InlineData("""{"exclusiveMinimum":5}""", "5", "expected 5 to be greater than 5")]
    [InlineData("""{"exclusiveMaximum":5}""", "5", "expected 5 to be smaller than 5")]
    [InlineData("""{"minimum":5,"exclusiveMinimum":true}""", "5", "expected 5 to be greater than 5")]
    [InlineData("""{"maximum":5,"exclusiveMaximum":false}""", "5", null)]
    [InlineData("""{"minimum":5}""", "\"4\"", null)]
    [InlineData("""{"multipleOf":3}""", "10", "expected 10 to be a multiple of 3")]
    [InlineData("""{"multipleOf":0.01}""", "1.13", null)]
    [InlineData("""{"multipleOf":0.01}""", "1.135", "expected 1.135 to be a multiple of 0.01")]
    [InlineData("""{"minLength":2}""", "\"\u00e9\"", "string too short, expected at least 2, got 1")]
    [InlineData("""{"maxLength":1}""", "\"\\u00e9\\u00e9\"", "string too long, expected at most 1, got 2")]
    [InlineData("""{"maxLength":1}""", "\"\\ud83d\\ude00\"", null)]
    [InlineData("""{"pattern":"^a+$"}""", "\"ab\"", "failed to match pattern \"^a+$\" with \"ab\"")]
    [InlineData("""{"pattern":"b"}""", "\"a\\u0062c\"", null)]
    [InlineData("""{"format":"email"}""", "\"a.b@c.test\"", null)]
    [InlineData("""{"format":"email"}""", "\"a.b\"", "expect valid email format but got: a.b")]
    [InlineData("""{"format":"ipv4"}""", "\"192.0.2.255\"", null)]
    [InlineData("""{"format":"ipv4"}""", "\"192.0.2.256\"", "expect valid ipv4 format but got: 192.0.2.256")]
    [InlineData("""{"format":"ipv4"}""", "\"192.0.2\"", "expect valid ipv4 format but got: 192.0.2")]
    [InlineData("""{"format":"ipv6"}""", "\"2001:db8::1\"", null)]
    [InlineData("""{"format":"ipv6"}""", "\"192.0.2.1\"", "expect valid ipv6 format but got: 192.0.2.1")]
    [InlineData("""{"format":"hostname"}""", "\"a_b\"", "expect valid hostname format but got: a_b")]
    [InlineData("""{"format":"uuid"}""", "\"123e4567-e89b-12d3-a456-426614174000\"", null)]
    [InlineData("""{"format":"uuid"}""", "\"123e4567\"", "expect valid uuid format but got: 123e4567")]
    [InlineData("""{"format":"date"}""", "\"2026-13-01\"", "expect valid date format but got: 2026-13-01")]
    [InlineData("""{"format":"date-time"}""", "\"2026-12-01T23:59:59.5+01:00\"", null)]
    [InlineData("""{"format":"date-time"}""", "\"2026-12-01\"", "expect valid date-time format but got: 2026-12-01")]
    [InlineData("""{"format":"uri"}""", "\"a b\"", "expect valid uri format but got: a b")]
    [InlineData("""{"format":"fancy"}""", "\"anything\"", null)]
    [InlineData("""{"items":{"type":"string"}}""", """["a",1]""", "failed to validate item 2: wrong type: expected string, got number")]
    [InlineData("""{"items":[{"type":"string"}]}""", """["a",1]""", null)]
    [InlineData("""{"items":[{"type":"string"}],"additionalItems":false}""", """["a",1]""", "found unexpected extra items in array")]
    [InlineData("""{"items":[{"type":"string"}],"additionalItems":{"type":"string"}}""", """["a",1]""", "failed to validate additional item 2: wrong type: expected string, got number")]
    [InlineData("""{"items":[{"type":"string"}]}""", "[1]", "failed to validate item 1: wrong type: expected string, got number")]
    [InlineData("""{"minItems":2}""", "[1]", "expect array to have at least 2 items")]
    [InlineData("""{"maxItems":0}""", "[1]", "expect array to have at most 0 items")]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1,"b":"x"},[1],"1",1,{"b":"\u0078","a":1.0}]""", "expected unique items but items 1 and 5 are equal")]
    [InlineData("""{"uniqueItems":true}""", """[[1],"1",1,true,null,{}]""", null)]
    [InlineData("""{"contains":{"type":"string"}}""", """[1,"a"]""", null)]
    [InlineData("""{"contains":{"type":"string"}}""", "[1]", "failed to check contains")]
    [InlineData("""{"contains":{"type":"string"}}""", "[]", "check contains: empty array is invalid")]
    [InlineData("""{"required":["a"]}""", """{"b":1}""", "property \"a\" is required")]
    [InlineData("""{"required":["a"]}""", "[]", "property \"a\" is required")]
    [InlineData("""{"required":["a"]}""", """{"\u0061":null}""", null)]
    [InlineData("""{"required":["a"]}""", "1", null)]
    [InlineData("""{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}""", """{"a":{"b":1}}""", "property \"a\" validation failed: property \"b\" validation failed: wrong type: expected string, got number")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1,"b":2}""", "additional properties forbidden, found b")]
    [InlineData("""{"required":["b"],"additionalProperties":false}""", """{"b":2}""", "additional properties forbidden, found b")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"b":2}""", "failed to validate additional property b: wrong type: expected string, got number")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "property \"a\" validation failed: expect false always")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":1}""", "failed to validate x-a (matching \"^x-\"): wrong type: expected string, got number")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":"1"}""", null)]
    [InlineData("""{"minProperties":2}""", """{"a":1}""", "expect object to have at least 2 properties")]
    [InlineData("""{"maxProperties":0}""", """{"a":1}""", "expect object to have at most 0 properties")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "failed to validate property name \"ab\": string too long, expected at most 1, got 2")]
    [InlineData("""{"dependencies":{"a":["b"]}}""", """{"a":1}""", "property \"b\" is required when \"a\" is set")]
    [InlineData("""{"dependencies":{"a":["b"]}}""", """{"b":1}""", null)]
    [InlineData("""{"dependencies":{"a":{"required":["c"]}}}""", """{"a":1}""", "failed to validate dependent schema for \"a\": property \"c\" is required")]
    [InlineData("""{"allOf":[true,{"type":"string"}]}""", "1", "allOf 2 failed: wrong type: expected string, got number")]
    [InlineData("""{"anyOf":[{"required":["a"]},{"required":["b","c"]}]}""", "{}", "object matches none of the required: [\"a\"] or [\"b\",\"c\"]")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"number"}]}""", "true", "object matches none of the required")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"number"}]}""", "1", null)]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "1", null)]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "2", "value should match only one schema, but matches both schemas 1 and 2")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "0", "value should match only one schema, but matches none")]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", "value wasn't supposed to match schema")]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"maximum":5}}""", "15", "then clause did not match")]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"maximum":5}}""", "6", "else clause did not match")]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"maximum":5}}""", "20", null)]
    [InlineData("""{"definitions":{"a/b":{"type":"string"}},"$ref":"#/definitions/a~1b"}""", "1", "wrong type: expected string, got number")]
    [InlineData("""{"properties":{"next":{"$ref":"#"},"v":{"type":"string"}}}""", """{"next":{"next":{"v":1}}}""", "property \"next\" validation failed: property \"next\" validation failed: property \"v\" validation failed: wrong type: expected string, got number")]
    [InlineData("""{"anyOf":[{"type":"number"},{"type":"array","items":{"$ref":"#/anyOf/0"}}]}""", "[1,2]", null)]
    public void Check_OfAValue_SaysWhatIsWrong(string schema, string value, string? problem)
    {
        using JsonDocument document = JsonDocument.Parse(value);
        JsonSchema.Of(schema).Check(document.RootElement).ShouldBe(problem);
    }

    [Theory]
    [InlineData("""{"type":"text"}""", "\"text\" is no type; allowed: object, array,")]
    [InlineData("""{"type":[]}""", "expected at least one type")]
    [InlineData("""{"properties":{"a":1}}""", "property \"properties\" validation failed: property \"a\" validation failed: expected a schema: an object, true or false")]
    [InlineData("""{"properties":1}""", "expected an object")]
    [InlineData("""{"required":"a"}""", "property \"required\" validation failed: expected a list of names")]
    [InlineData("""{"pattern":"("}""", "property \"pattern\" validation failed: no regular expression: ")]
    [InlineData("""{"patternProperties":{"(":true}}""", "no regular expression: ")]
    [InlineData("""{"minLength":-1}""", "expected an integer from 0")]
    [InlineData("""{"minimum":"1"}""", "expected a number")]
    [InlineData("""{"multipleOf":0}""", "expected a number above 0")]
    [InlineData("""{"enum":[]}""", "expected a list of values, at least one")]
    [InlineData("""{"anyOf":{}}""", "expected a list of schemas, at least one")]
    [InlineData("""{"uniqueItems":1}""", "expected true or false")]
    [InlineData("""{"format":1}""", "expected a text")]
    [InlineData("""{"$ref":"http://a.test/s.json"}""", "\"http://a.test/s.json\" is not there; allowed: # and #/... of this schema")]
    [InlineData("""{"$ref":"#/definitions/a"}""", "\"#/definitions/a\" is not there")]
    [InlineData("""{"anyOf":[{"$ref":"#"}]}""", "a $ref leads back to its own schema without a value between")]
    [InlineData("""{"properties":{"a":{"$ref":"#/definitions/a"}},"definitions":{"a":{"not":{"$ref":"#/definitions/b"}},"b":{"if":{"$ref":"#/definitions/a"}}}}""", "a $ref leads back to its own schema")]
    public void Compile_OfAWrongSchema_IsRefused(string schema, string problem)
    {
        Compile(schema, out ConfigErrors errors).ShouldBeFalse();
        errors.Errors.ShouldContain(error => error.Message.Contains(problem), string.Join("\n", errors.Errors.Select(error => error.Message)));
    }

    [Theory]
    [InlineData("""{"title":"t","description":"d","$schema":"s","$id":"i","definitions":{},"examples":[1]}""", null)]
    [InlineData("""{"properties":{"a":{"requird":["b"]}}}""", "properties.a.requird demands nothing")]
    [InlineData("""{"default":1}""", "default demands nothing")]
    [InlineData("""{"format":"fancy"}""", "format demands nothing")]
    public void Compile_OfWhatDemandsNothing_Warns(string schema, string? warning)
    {
        Compile(schema, out ConfigErrors errors).ShouldBeTrue();
        if (warning is null)
            errors.Warnings.ShouldBeEmpty();
        else
            errors.Warnings.ShouldHaveSingleItem().Message.ShouldContain(warning);
    }

    private static bool Compile(string schema, out ConfigErrors errors)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        var findings = new Findings();
        bool isRight = JsonSchema.Compile(document.RootElement, Location.Root, findings) is not null;
        errors = new ConfigErrors();
        findings.PourInto(errors);
        return isRight;
    }
}
