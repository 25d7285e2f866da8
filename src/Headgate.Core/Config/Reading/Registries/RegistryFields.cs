using System.Collections.Immutable;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads what several types of registry have in common.</summary>
internal static class RegistryFields
{
    private const int PrefixMax = 100;

    /// <summary>The name of the two under which a value stands, reported when it is both; the first when it is neither.</summary>
    public static string OneOf(ObjectReader reader, string name, string otherName)
    {
        if (reader.Has(name) && reader.Has(otherName))
        {
            reader.TryGet(otherName, out _);
            reader.Findings.Schema(reader.At, $"{name} and {otherName} are two names of the same (give one of them)");
        }

        return reader.Has(name) || !reader.Has(otherName) ? name : otherName;
    }

    /// <summary>A path with a slash at both ends; null when it is absent or wrong.</summary>
    public static string? Prefix(ObjectReader reader)
    {
        if (reader.Text("prefix", 0, PrefixMax) is not { } prefix)
            return null;
        if (prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.'))
            return prefix.Trim('/') is { Length: > 0 } inner ? $"/{inner}/" : "/";
        reader.Findings.Schema(reader.At.Property("prefix"), $"{LuaText.Clip(prefix)} is no path (allowed: letters, digits, / - _ .)");
        return null;
    }

    /// <summary><c>fetch_interval</c>, as <see cref="WholeSeconds"/>.</summary>
    public static TimeSpan? FetchInterval(ObjectReader reader) => WholeSeconds(reader, "fetch_interval");

    /// <summary>Whole seconds, at least 1; null when absent or wrong.</summary>
    public static TimeSpan? WholeSeconds(ObjectReader reader, string name) => reader.Integer(name, 1, Seconds.Max) is { } count ? TimeSpan.FromSeconds(count) : null;

    /// <summary>Whole milliseconds, at least 1; null when absent or wrong.</summary>
    public static TimeSpan? Milliseconds(ObjectReader reader, string name) => reader.Integer(name, 1) is { } count ? TimeSpan.FromMilliseconds(count) : null;

    /// <summary><c>timeout</c>, milliseconds.</summary>
    public static RegistryTimeouts Timeouts(ObjectReader reader)
    {
        var timeouts = new RegistryTimeouts();
        if (reader.Object("timeout") is not { } timeout)
            return timeouts;
        timeouts = timeouts with
        {
            Connect = Milliseconds(timeout, "connect") ?? timeouts.Connect,
            Send = Milliseconds(timeout, "send") ?? timeouts.Send,
            Read = Milliseconds(timeout, "read") ?? timeouts.Read,
        };
        timeout.ForbidOthers();
        return timeouts;
    }

    /// <summary><c>ca_certs</c>, a list of PEM, as one text; null when absent.</summary>
    public static string? Authorities(ObjectReader reader)
    {
        if (reader.Items<string>("ca_certs", 1, unique: true, CertificateRules.Certificate) is not { Length: > 0 } certificates)
            return null;
        for (int i = 0; i < certificates.Length; i++)
            CertificateRules.CheckCertificate(reader.Findings, Phase.Own, reader.At.Property("ca_certs").Item(i), certificates[i]);
        return string.Join('\n', certificates);
    }

    /// <summary>The addresses below <paramref name="name"/>; empty when there are none, which is reported.</summary>
    public static ImmutableArray<RegistryAddress> Servers(ObjectReader reader, string name, ItemReader<RegistryAddress> read)
    {
        reader.Require(name);
        return reader.Items(name, 1, unique: false, read) ?? [];
    }

    /// <summary><c>auth</c> with <c>username</c> and <c>password</c>, both; null when absent or without a name.</summary>
    public static (string User, string Password)? Login(ObjectReader reader)
    {
        if (reader.Object("auth") is not { } auth)
            return null;
        auth.Require("username");
        auth.Require("password");
        (string? user, string? password) = (auth.Text("username", 1), auth.Text("password"));
        auth.ForbidOthers();
        return user is null ? null : (user, password ?? "");
    }
}
