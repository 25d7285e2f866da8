using System.Text;
using System.Text.Json;
using Headgate.Store.Documents;

namespace Headgate.Store.Yaml;

/// <summary>Reads a file of configuration: <c>apisix.yaml</c> or <c>apisix.json</c>.</summary>
internal static class YamlFile
{
    /// <summary>Largest file that is read, bytes.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    private const string EndMark = "#END";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64 };

    /// <summary>The objects in the bytes of a file.</summary>
    /// <exception cref="DocumentException">They are no configuration; the message names the line where there is one.</exception>
    public static DocumentContent Parse(YamlSourceOptions options, ReadOnlySpan<byte> bytes)
    {
        string text;
        try
        {
            text = Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new DocumentException("it is not text in UTF-8");
        }

        return options.IsJson ? ParseJson(text, options) : ParseYaml(text, options);
    }

    private static DocumentContent ParseYaml(string text, YamlSourceOptions options)
    {
        // What is written in pieces must not be taken for the whole.
        if (!text.TrimEnd().EndsWith(EndMark, StringComparison.Ordinal))
            throw new DocumentException($"it does not end with {EndMark}, as a file does that was written to its end");
        string replaced = VariableReferences.Replace(text, options.Environment, static (line, problem) => throw new DocumentException(problem, line));
        List<string> problems = [];
        ReadOnlyMemory<byte> json = YamlJson.Convert(replaced, problems);
        if (json.IsEmpty)
            throw new DocumentException("there is nothing in it; an empty configuration is written \"routes: []\"");
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        DocumentContent content = ConfigDocument.Read(document.RootElement);
        return content with { Problems = [.. problems, .. content.Problems] };
    }

    private static DocumentContent ParseJson(string text, YamlSourceOptions options)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, JsonOptions);
            if (!VariableReferences.MayBeIn(text))
                return ConfigDocument.Read(document.RootElement);
            using JsonDocument replaced = JsonDocument.Parse(VariableJson.Replace(document.RootElement, options.Environment), JsonOptions);
            return ConfigDocument.Read(replaced.RootElement);
        }
        catch (JsonException e)
        {
            string message = e.Message;
            int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new DocumentException($"not valid JSON: {(position < 0 ? message : message[..position]).TrimEnd('.', ' ')}", (e.LineNumber ?? -1) + 1);
        }
        catch (InvalidOperationException)
        {
            throw new DocumentException("a text holds half of a surrogate pair, which is not Unicode");
        }
    }
}
