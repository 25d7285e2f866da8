namespace Headgate.Proxy.Tests.Plugins.OpenIdConnect;

/// <summary>What a client is told whose token does not count.</summary>
internal static class Refusals
{
    /// <summary>It is a 401 that says one of the problems.</summary>
    public static void ShouldBeInvalid(this PluginAnswer answer, string problem, string realm = "apisix", string? or = null)
    {
        answer.Status.ShouldBe(401);
        answer.Fields["WWW-Authenticate"].ShouldHaveSingleItem().ShouldBeOneOf(Challenge(problem), Challenge(or ?? problem));

        string Challenge(string text) => $"Bearer realm=\"{realm}\", error=\"invalid_token\", error_description=\"{text}\"";
    }
}
