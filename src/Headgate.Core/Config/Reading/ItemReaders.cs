using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Headgate.Core.Config.Expressions;

namespace Headgate.Core.Config.Reading;

/// <summary>The kinds of item that lists in configurations hold.</summary>
public static class ItemReaders
{
    /// <summary>A text.</summary>
    public static bool Text(JsonElement value, Location at, Findings findings, out string item) =>
        Keep(JsonValues.Text(value, at, findings), out item);

    /// <summary>A host.</summary>
    public static bool Host(JsonElement value, Location at, Findings findings, out string item) =>
        Keep(JsonValues.Host(value, at, findings), out item);

    /// <summary>One of the methods that APISIX knows.</summary>
    public static bool Method(JsonElement value, Location at, Findings findings, out string item) =>
        Keep(JsonValues.Choice(value, at, findings, HttpMethods.All), out item);

    /// <summary>A status from 200 to 599.</summary>
    public static bool Status(JsonElement value, Location at, Findings findings, out int item)
    {
        int? status = JsonValues.Integer(value, at, findings, 200, 599);
        item = status.GetValueOrDefault();
        return status is not null;
    }

    /// <summary>An address or CIDR range. Stricter than APISIX, whose pattern lets some wrong IPv6 ranges pass.</summary>
    public static bool Address(JsonElement value, Location at, Findings findings, out string item)
    {
        if (!Keep(JsonValues.Text(value, at, findings), out item))
            return false;
        if (AddressRange.TryParse(item, out _))
            return true;

        findings.Schema(at, $"object matches none of the required (given {LuaText.Quote(item)}; "
            + "allowed: an IPv4 or IPv6 address, or one with /0 to /32 or /128)");
        return false;
    }

    private static bool Keep(string? read, [NotNullWhen(true)] out string item)
    {
        item = read ?? "";
        return read is not null;
    }
}
