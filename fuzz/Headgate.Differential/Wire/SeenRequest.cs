using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Differential.Wire;

/// <summary>A whole request as somebody understood it.</summary>
/// <param name="Id">Number of the request, which its answer carries.</param>
/// <param name="Method">Method.</param>
/// <param name="Target">Path and query; an absolute form is reduced to them, so that a proxy and a server can be compared.</param>
/// <param name="Body">The decoded body.</param>
internal sealed record SeenRequest(long Id, string Method, string Target, byte[] Body)
{
    /// <summary>The field of an answer that carries <see cref="Id"/>.</summary>
    public const string IdField = "X-Fuzz-Id";

    /// <summary>Body as text when it is short and can be shown, else length and digest; empty for none.</summary>
    public string BodyText
    {
        get
        {
            if (Body.Length == 0)
                return "";
            bool shows = Body.Length <= 24 && Body.All(b => b is >= 0x20 and < 0x7F);
            return shows ? $"\"{Encoding.ASCII.GetString(Body)}\"" : string.Create(CultureInfo.InvariantCulture, $"{Body.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(Body).AsSpan(0, 4))}");
        }
    }

    /// <summary>Method, target, body. Long targets are cut: verdicts are read by people.</summary>
    public override string ToString() => $"{Method} {(Target.Length > 60 ? $"{Target[..40]}... ({Target.Length})" : Target)} {BodyText}".TrimEnd();

    /// <summary>Path and query of a target in absolute form; any other stays as it is.</summary>
    public static string Reduce(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || target[0] == '/')
            return target;
        int path = target.AsSpan(scheme + 3).IndexOfAny('/', '?');
        string rest = path < 0 ? "" : target[(scheme + 3 + path)..];
        return rest.StartsWith('/') ? rest : "/" + rest;
    }
}
