using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>What a client got.</summary>
public sealed record AdminAnswer(int Status, string Body, HttpResponseMessage Message)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? ErrorMessage => Json.GetProperty("error_msg").GetString();

    public JsonElement Value => Json.GetProperty("value");

    /// <summary>Names of the members of the body.</summary>
    public string[] Members => [.. Json.EnumerateObject().Select(member => member.Name)];

    /// <summary>Keys of a list, in the order answered.</summary>
    public string[] Keys => [.. Json.GetProperty("list").EnumerateArray().Select(item => item.GetProperty("key").GetString()!)];

    public string? Header(string name) => Message.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    public AdminAnswer ShouldBe(int status)
    {
        Status.ShouldBe(status, Body);
        return this;
    }
}
