namespace Headgate.Core.Config.Reading;

/// <summary>When APISIX would have come upon a problem. Problems are reported in this order, so that the first is the one APISIX answers.</summary>
public enum Phase
{
    /// <summary>Before the schema.</summary>
    Early,

    /// <summary>What the JSON schema says.</summary>
    Schema,

    /// <summary>What code says about an object that has passed the schema.</summary>
    Check,

    /// <summary>What only Headgate refuses.</summary>
    Own,
}
