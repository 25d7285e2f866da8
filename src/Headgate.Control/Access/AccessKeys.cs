namespace Headgate.Control.Access;

/// <summary>Store keys of people, their sessions and tokens: outside of every gateway group.</summary>
internal static class AccessKeys
{
    /// <summary>With what the keys of all users begin.</summary>
    public const string Users = "/headgate/users/";

    /// <summary>With what the keys of all API tokens begin.</summary>
    public const string Tokens = "/headgate/tokens/";

    /// <summary>With what the keys of all instance tokens begin.</summary>
    public const string InstanceTokens = "/headgate/instance_tokens/";

    private const string Sessions = "/headgate/sessions/";

    /// <summary>Key of a user.</summary>
    public static string User(string username) => Users + username;

    /// <summary>Key of an API token.</summary>
    public static string Token(string id) => Tokens + id;

    /// <summary>Key of an instance token.</summary>
    public static string InstanceToken(string id) => InstanceTokens + id;

    /// <summary>Key of a session, by the hash of its cookie: who reads the store cannot take it over.</summary>
    public static string Session(string hash) => Sessions + hash;
}
