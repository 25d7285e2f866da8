using System.Text;
using System.Text.Json;

namespace Headgate.Proxy.Plugins.RequestValidation;

/// <summary>A form's fields (<c>application/x-www-form-urlencoded</c>) as JSON, as APISIX reads them: texts, lists of what comes more than once, true for a name without a value.</summary>
internal static class FormBody
{
    /// <summary>More fields than this are no form: reading them would take many times the memory of the body.</summary>
    public const int FieldsMax = 10_000;

    /// <summary>The fields; null when there are more than <see cref="FieldsMax"/>.</summary>
    public static JsonElement? Read(ReadOnlySpan<byte> body)
    {
        if (body.Count((byte)'&') >= FieldsMax)
            return null;
        var fields = new OrderedDictionary<string, List<string?>>();
        foreach (Range range in body.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = body[range];
            int equals = pair.IndexOf((byte)'=');
            string name = Decode(equals < 0 ? pair : pair[..equals]);
            if (name.Length == 0)
                continue;
            if (!fields.TryGetValue(name, out List<string?>? values))
                fields.Add(name, values = []);
            values.Add(equals < 0 ? null : Decode(pair[(equals + 1)..]));
        }

        return JsonSerializer.SerializeToElement(fields.ToDictionary(static field => field.Key, static field => field.Value is [var only] ? ValueOf(only) : field.Value.Select(ValueOf).ToArray()));
    }

    private static object ValueOf(string? value) => value ?? (object)true;

    private static string Decode(ReadOnlySpan<byte> text) => Uri.UnescapeDataString(Encoding.UTF8.GetString(text).Replace('+', ' '));
}
