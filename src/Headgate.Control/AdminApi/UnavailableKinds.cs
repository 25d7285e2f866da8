using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi;

/// <summary>APISIX's kinds of object that Headgate does not have yet: reading finds none, writing says so. Never stored: what has no effect must not look as if it had.</summary>
internal static class UnavailableKinds
{
    /// <summary>By plural: what APISIX calls one of them in texts, and the methods that it does not support there either.</summary>
    private static readonly FrozenDictionary<string, (string Kind, string[] Unsupported)> Kinds = new Dictionary<string, (string, string[])>
    {
        ["stream_routes"] = ("stream route", ["PATCH"]),
    }.ToFrozenDictionary();

    public static bool Contains(string plural) => Kinds.ContainsKey(plural);

    /// <summary>Why an object of that kind is refused.</summary>
    public static string Reason(string plural, string version) => $"{plural} are not available in Headgate {version} yet";

    /// <summary>The answer; null when <paramref name="plural"/> is no such kind.</summary>
    public static AdminResponse? Answer(string plural, AdminRequest request, string version)
    {
        if (!Kinds.TryGetValue(plural, out var known))
            return null;
        if (HttpMethods.IsGet(request.Method))
            return request.Segments.Length == 1 ? EmptyList() : AdminResponse.KeyNotFound();

        return known.Unsupported.Contains(request.Method) || !IsWrite(request.Method)
            ? AdminResponse.Error(StatusCodes.Status405MethodNotAllowed, $"not supported `{request.Method}` method for {known.Kind}")
            : AdminResponse.Error(StatusCodes.Status501NotImplemented, Reason(plural, version));
    }

    public static bool IsWrite(string method) =>
        HttpMethods.IsPut(method) || HttpMethods.IsPost(method) || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method);

    private static AdminResponse EmptyList() => AdminResponse.Object(200, 0, static (writer, _) =>
    {
        writer.WriteStartArray("list");
        writer.WriteEndArray();
        writer.WriteNumber("total", 0);
    });
}
