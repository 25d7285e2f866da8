using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>What the parser made of a text: the record, or null, with all errors and warnings.</summary>
internal sealed record Parsed<T>(T? Config, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Paths)
    where T : class
{
    /// <summary>The record of a text that must be valid.</summary>
    public T Valid
    {
        get
        {
            Errors.ShouldBeEmpty();
            return Config.ShouldNotBeNull();
        }
    }

    /// <summary>Fails unless exactly these errors were found, in this order.</summary>
    public void ShouldFailWith(params string[] errors)
    {
        Errors.ShouldBe(errors);
        Config.ShouldBeNull();
    }
}

/// <summary>Parses texts that write ' for ", so that tests stay readable.</summary>
internal static class Parsed
{
    public static Parsed<UpstreamConfig> Upstream(string json) => Run(json, (value, errors) => ConfigParser.ParseUpstream("u1", value, errors));

    public static Parsed<RouteConfig> Route(string json) => Run(json, (value, errors) => ConfigParser.ParseRoute("r1", value, errors));

    public static Parsed<ServiceConfig> Service(string json) => Run(json, (value, errors) => ConfigParser.ParseService("s1", value, errors));

    public static Parsed<T> Run<T>(string json, Func<JsonElement, ConfigErrors, T?> parse)
        where T : class
    {
        using var document = JsonDocument.Parse(json.Replace('\'', '"'));
        var errors = new ConfigErrors();
        T? config = parse(document.RootElement, errors);
        (config is null).ShouldBe(!errors.IsValid);
        return new Parsed<T>(
            config,
            [.. errors.Errors.Select(error => error.Message)],
            [.. errors.Warnings.Select(error => error.Message)],
            [.. errors.Errors.Select(error => error.Path)]);
    }
}
