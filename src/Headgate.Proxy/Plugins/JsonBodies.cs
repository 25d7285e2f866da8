using System.Text.Encodings.Web;
using System.Text.Json;

namespace Headgate.Proxy.Plugins;

/// <summary>Bodies of plugins' refusals in APISIX's form: JSON with a line feed behind it, declared as text.</summary>
internal static class JsonBodies
{
    /// <summary>What APISIX declares them to be.</summary>
    public static ReadOnlySpan<byte> ContentType => "text/plain; charset=utf-8"u8;

    /// <summary><c>{"message":"..."}</c>.</summary>
    public static byte[] Message(string text) => Of("message", text);

    /// <summary><c>{"error_msg":"..."}</c>.</summary>
    public static byte[] ErrorMsg(string text) => Of("error_msg", text);

    /// <summary><c>{"error":"..."}</c>, with nothing behind it.</summary>
    public static byte[] Error(string text) => Of("error", text)[..^1];

    private static byte[] Of(string name, string text) =>
        System.Text.Encoding.UTF8.GetBytes($"{{\"{name}\":\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"}}\n");
}
