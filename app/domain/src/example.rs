//! Finished stories to look around in: what they are called and what they show. Their files are with the service.

/// An investigation on public data in which one thing was done on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    CarLoan,
    HousePrices,
    CreditCards,
}

impl Example {
    pub const ALL: [Example; 3] = [Example::CarLoan, Example::HousePrices, Example::CreditCards];

    /// The name in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Example::CarLoan => "car-loan",
            Example::HousePrices => "house-prices",
            Example::CreditCards => "credit-cards",
        }
    }

    pub fn from_id(id: &str) -> Option<Example> {
        Example::ALL.into_iter().find(|example| example.id() == id)
    }

    /// The name on a button.
    pub fn name(self) -> &'static str {
        match self {
            Example::CarLoan => "Car loans",
            Example::HousePrices => "House prices",
            Example::CreditCards => "Credit cards",
        }
    }

    /// What happened, without the cause.
    pub fn story(self) -> &'static str {
        match self {
            Example::CarLoan => {
                "Two classes, a week of served loans: the accuracy fell by six points, and one value looks strange."
            }
            Example::HousePrices => {
                "Amounts, labels that came later: the error in serving is half as large again as on the test data."
            }
            Example::CreditCards => {
                "Three classes, with a serving log: since a release some customers get another product at each call."
            }
        }
    }
}
