using System.Text.Encodings.Web;
using System.Text.Json;

namespace Headgate.CommandLine;

/// <summary>How JSON is written. Text stays readable; none of it is put into HTML.</summary>
internal static class JsonLayout
{
    /// <summary>For a gateway.</summary>
    public static readonly JsonSerializerOptions Dense = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    /// <summary>For people and files.</summary>
    public static readonly JsonSerializerOptions Indented = new(Dense) { WriteIndented = true };
}
