namespace Headgate.Settings;

/// <summary>What lines of the access log look like.</summary>
internal enum AccessLogStyle
{
    /// <summary>As the template says.</summary>
    Template,

    /// <summary>An object of JSON with everything.</summary>
    Json,
}
